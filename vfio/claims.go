package vfio

import (
	"fmt"
	"strings"
)

// Source marks where a fact stands in the configuration. Callers choose what
// it is and get it back in findings. It is compared with ==; nil is no place.
type Source any

// Fact is a value that the configuration gives.
type Fact[T any] struct {
	Value  T
	Source Source
	// Maybe is set if it is not certain that the value is in force.
	Maybe bool
	// Comment is the comment on the same line, without its sign.
	Comment string
}

func (f *Fact[T]) ref() ref { return ref{f.Source, f.Maybe} }

// value returns the value of a fact that is certain.
func (f *Fact[T]) value() (v T, ok bool) {
	if f == nil || f.Maybe {
		return v, false
	}
	return f.Value, true
}

// is tells whether the fact is certainly the given value.
func is[T comparable](f *Fact[T], want T) bool {
	v, ok := f.value()
	return ok && v == want
}

// List is the facts of one kind, in the order in which they take effect.
type List[T any] struct {
	Facts []Fact[T]
	// Complete is set if there are certainly no others.
	Complete bool
}

// Claims is what the configuration of one host claims.
type Claims struct {
	Host   string
	System string // such as x86_64-linux; "" if unknown
	// Contexts are the boot entries. The first is the base system.
	Contexts []Context
}

// Base is the name of the context that is no specialisation.
const Base = "base"

// Context is what one boot entry claims. The zero value claims nothing and
// knows of nothing that is missing.
type Context struct {
	Name   string // [Base] or the name of the specialisation
	Source Source // where the specialisation is declared

	// VFIO tells whether this entry keeps devices for guests, if the
	// configuration has an option for that.
	VFIO *Fact[bool]

	Kernel Kernel

	Params        List[string] // boot.kernelParams; one fact may hold several
	Modules       List[string] // boot.kernelModules
	InitrdModules List[string] // boot.initrd.kernelModules
	Blacklist     List[string] // boot.blacklistedKernelModules
	Modprobe      List[string] // boot.extraModprobeConfig
	Udev          List[string] // services.udev.extraRules and those of the initrd
	Scripts       List[string] // shell that runs at boot or when guests start
	Sysctl        List[Setting]

	// IDs and Addresses are ids and addresses that stand in options of the
	// configuration's own.
	IDs       List[string]
	Addresses List[Address]

	VideoDrivers List[string] // services.xserver.videoDrivers
	NVIDIA       NVIDIA
	CPUVendor    List[string]  // machine.AMD or machine.Intel, from what is set for either
	Environment  List[Setting] // environment variables of sessions
	GPUUsers     List[GPUUser]

	VMs []VM
	// VMsComplete is set if the context has certainly no other machines.
	VMsComplete bool
	// Hooks is set if scripts run when guests start, so that devices may
	// change hands then.
	Hooks *Fact[bool]

	HugetlbMounts List[string] // page sizes for which hugetlbfs is mounted: "1G"
	LookingGlass  LookingGlass
	Scream        *Scream
	Network       Network
	Disks         List[string] // paths below /dev that file systems are on
}

// Kernel is the kernel of a context.
type Kernel struct {
	Version *Fact[string] // 6.18 or 6.18.38
	// Flavour is the name of the package set: linux, linux_zen, linux_xanmod…
	Flavour *Fact[string]
	// Patched is set if patches are applied to the kernel.
	Patched *Fact[bool]
}

// Setting is a name with a value.
type Setting struct{ Name, Value string }

// Address is a PCI address in an option that is not part of a [VM].
type Address struct {
	Text string
	// Use says what the address is for.
	Use AddressUse
}

// AddressUse is what an address is for.
type AddressUse uint8

// Uses of addresses.
const (
	// GuestAddress is kept for guests.
	GuestAddress AddressUse = iota
	// HostAddress names a device that the host uses, such as the card for
	// which a path below /dev/dri/by-path is made.
	HostAddress
)

// NVIDIA is hardware.nvidia.
type NVIDIA struct {
	Open        *Fact[bool]
	FineGrained *Fact[bool] // powerManagement.finegrained

	NVIDIABusID, IntelBusID, AMDBusID *Fact[string]
	Offload, Sync, ReverseSync        *Fact[bool]
}

// GPUUser is something of the host that needs a graphics card of a maker.
type GPUUser struct {
	What   string // "services.ollama.acceleration"
	Vendor uint16 // pci.VendorNVIDIA
}

// VM is a virtual machine.
type VM struct {
	Name      string
	Source    Source
	Autostart *Fact[bool]

	Memory    *Fact[Size]
	Hugepages *VMHugepages

	VCPUs        *Fact[int] // with those that may be plugged in later
	Topology     Topology
	Pins         List[Pin]
	EmulatorPin  *Fact[string]
	IOThreadPins List[string]
	CPUFeatures  List[CPUFeature]

	// PassGPU tells whether an option says that it gets a graphics card.
	PassGPU  *Fact[bool]
	Hostdevs List[Hostdev]
	USB      List[USBDevice]
	Shmem    *Shmem
	NICs     List[NIC]
}

// Size is an amount of memory in a unit of libvirt's: "MiB", "GiB", "KB"…; ""
// is KiB.
type Size struct {
	N    uint64
	Unit string
}

// Bytes returns the size in bytes. Units that end in B without i are decimal.
func (s Size) Bytes() (uint64, error) {
	unit, ok := memoryUnits[strings.ToLower(s.Unit)]
	if !ok {
		return 0, fmt.Errorf("`%s` is no unit of memory: libvirt knows KiB, MiB, GiB, TiB and KB, MB, GB, TB", s.Unit)
	}
	if s.N > 1<<50/unit {
		return 0, fmt.Errorf("%s is more than any machine has", s)
	}
	return s.N * unit, nil
}

// String returns the size as it is written.
func (s Size) String() string { return strings.TrimSpace(fmt.Sprintf("%d %s", s.N, s.Unit)) }

var memoryUnits = map[string]uint64{
	"": 1 << 10, "b": 1, "bytes": 1,
	"k": 1 << 10, "kib": 1 << 10, "kb": 1e3,
	"m": 1 << 20, "mib": 1 << 20, "mb": 1e6,
	"g": 1 << 30, "gib": 1 << 30, "gb": 1e9,
	"t": 1 << 40, "tib": 1 << 40, "tb": 1e12,
}

// VMHugepages says that the memory of a machine is made of huge pages.
type VMHugepages struct {
	Enabled *Fact[bool]
	// PageSize is the size of a page: "1G", "2M", or "" for the default.
	PageSize *Fact[string]
	// Count is how many pages an option says that the machine needs.
	Count *Fact[int]
}

// Topology is what processors a guest sees. A factor that is nil is 1, or left
// to libvirt.
type Topology struct {
	Sockets, Dies, Clusters, Cores, Threads *Fact[int]
}

// Pin ties a processor of a guest to processors of the host.
type Pin struct {
	VCPU int
	CPUs string // "4", "4-5", "0-7,^2"
}

// CPUFeature is a feature that a guest's processor must or must not have.
type CPUFeature struct {
	Name   string // topoext, evmcs
	Policy string // require, force, optional, disable, forbid
}

// Role is what a device that is passed to a guest is for.
type Role uint8

// Roles of devices.
const (
	OtherDevice Role = iota
	GPU
	GPUAudio
	GPUOther // USB controllers and the like of a graphics card
)

// Hostdev is a PCI device that a guest gets.
type Hostdev struct {
	Role    Role            // guessed for [OtherDevice]
	Address *Fact[string]   // in any notation
	Libvirt *LibvirtAddress // as attributes instead
	ID      *Fact[string]   // "10de:2c05", if the configuration names it with the address
	// Managed tells whether libvirt binds the device by itself.
	Managed *Fact[bool]
}

// LibvirtAddress is the attributes of libvirt's <address> element, unparsed.
// Domain and Function may be nil.
type LibvirtAddress struct{ Domain, Bus, Slot, Function *Fact[string] }

// USBDevice is a USB device that a guest gets, by its ids as they are written.
type USBDevice struct{ Vendor, Product string }

// Shmem is memory that a guest shares with the host, for Looking Glass.
type Shmem struct {
	// Path is the file: /dev/shm/looking-glass or /dev/kvmfr0.
	Path *Fact[string]
	MiB  *Fact[int]
	// Resolution is what an option or comment says: "3840x2160".
	Resolution *Fact[string]
	HDR        bool
}

// NIC is a network card of a guest.
type NIC struct {
	Type      string // "nat", "network", "bridge", "macvtap"
	Interface string // of the host: the bridge or the link; "" if none is named
}

// LookingGlass is the host's side of Looking Glass.
type LookingGlass struct {
	ShmFile   *Fact[string] // what the client opens
	CgroupACL List[string]  // virtualisation.libvirtd…cgroup_device_acl
}

// Scream is the receiver of guests' sound.
type Scream struct {
	Interface *Fact[string]
	Port      *Fact[int] // UDP; 4010 if nil
}

// Network is what is known of the host's network.
type Network struct {
	Bridges    List[Bridge]
	Interfaces List[string] // real ones that options name: wakeOnLan, networking.interfaces
	OpenUDP    List[OpenPorts]
	Trusted    List[string] // networking.firewall.trustedInterfaces
	Firewall   *Fact[bool]
	// Managed is set if a daemon may make interfaces that Nix does not know,
	// such as NetworkManager.
	Managed *Fact[bool]
	// Renamed is set if interfaces have other names than the kernel's.
	Renamed *Fact[bool]
}

// Bridge is a bridge and its ports.
type Bridge struct {
	Name  string
	Ports []string
}

// OpenPorts are UDP ports that the firewall lets through.
type OpenPorts struct {
	Interface string // "" for all
	From, To  int
}
