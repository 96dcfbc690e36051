package claims

import (
	"encoding/xml"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/parser"
	"github.com/nixlint/nixlint/vfio"
)

// domainFiles reads the guests in libvirt's XML, in files that belong to the
// host: those in its folder, or all if there is one host. Only files that the
// configuration reads or names count.
func (r *reader) domainFiles(c *vfio.Context) {
	if !r.model.Mentions(".xml") {
		return // to find paths takes time
	}
	for _, p := range r.model.DefinedPaths() {
		if path.Ext(p.Path) != ".xml" || !r.belongs(p.Path) {
			continue
		}
		text, err := r.model.Text(p.Path)
		if err != nil || len(text) > maxXML {
			continue
		}
		vm := (&domainReader{file: p.Path, text: text}).read()
		if vm != nil && !slices.ContainsFunc(c.VMs, func(x vfio.VM) bool { return x.Name == vm.Name }) {
			c.VMs = append(c.VMs, *vm)
		}
	}
}

// maxXML bounds the size of files that are read: descriptions of guests are
// small.
const maxXML = 1 << 20

// belongs reports whether a file is about the host.
func (r *reader) belongs(file string) bool {
	if r.host.IsOnly() {
		return true
	}
	return slices.Contains(strings.Split(path.Dir(file), "/"), r.host.Name)
}

// domainReader reads one <domain>.
type domainReader struct {
	file, text string
	places     *textPlaces // of the text in the file; nil if it is the file
	vm         *vfio.VM
	at         []string       // the elements around
	hostdev    *vfio.Hostdev  // the one that is read
	usb        vfio.USBDevice // of it
	unit       string         // of <memory>
}

// read returns the guest, or nil if the text is no domain that libvirt would
// read.
func (d *domainReader) read() *vfio.VM {
	dec := xml.NewDecoder(strings.NewReader(d.text))
	for {
		start := uint32(dec.InputOffset())
		token, err := dec.Token()
		if err == io.EOF {
			return d.vm
		}
		if err != nil {
			return nil
		}
		span := parser.Span{Start: start, End: uint32(dec.InputOffset())}
		switch t := token.(type) {
		case xml.StartElement:
			d.at = append(d.at, t.Name.Local)
			if len(d.at) == 1 && t.Name.Local != "domain" || len(d.at) > maxDepth {
				return nil
			}
			d.open(t, span)
		case xml.EndElement:
			d.close()
			d.at = d.at[:len(d.at)-1]
		case xml.CharData:
			d.inside(strings.TrimSpace(string(t)), span)
		}
	}
}

const maxDepth = 64

// where is the path of the element that is read, below <domain>.
func (d *domainReader) where() string { return strings.Join(d.at[min(1, len(d.at)):], "/") }

// source is the place of a value inside of a tag, or of the whole tag.
func (d *domainReader) source(span parser.Span, name, value string) Source {
	tag := d.text[span.Start:span.End]
	for _, quote := range []string{`"`, `'`} {
		if i := strings.Index(tag, name+"="+quote+value+quote); name != "" && i >= 0 {
			start := span.Start + uint32(i+len(name)+1)
			return d.place(parser.Span{Start: start, End: start + uint32(len(value)+2)})
		}
	}
	return d.place(span)
}

// place makes a place of a part of the text.
func (d *domainReader) place(span parser.Span) Source {
	if d.places != nil {
		span = d.places.place(span)
	}
	return Source{File: d.file, Span: span}
}

// attr makes a fact of an attribute, nil if the element has none of that name.
func (d *domainReader) attr(t xml.StartElement, span parser.Span, name string) *vfio.Fact[string] {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return &vfio.Fact[string]{Value: a.Value, Source: d.source(span, name, a.Value)}
		}
	}
	return nil
}

// number is attr for whole numbers.
func (d *domainReader) number(t xml.StartElement, span parser.Span, name string) *vfio.Fact[int] {
	if f := d.attr(t, span, name); f != nil {
		if n, err := strconv.Atoi(f.Value); err == nil {
			return &vfio.Fact[int]{Value: n, Source: f.Source}
		}
	}
	return nil
}

// open reads the start of an element.
func (d *domainReader) open(t xml.StartElement, span parser.Span) {
	if len(d.at) == 1 {
		d.vm = &vfio.VM{Source: d.place(span)}
		d.vm.Hostdevs.Complete, d.vm.Pins.Complete, d.vm.CPUFeatures.Complete, d.vm.NICs.Complete = true, true, true, true
		return
	}
	vm := d.vm
	switch d.where() {
	case "memory":
		d.unit = "KiB"
		if f := d.attr(t, span, "unit"); f != nil {
			d.unit = f.Value
		}
	case "memoryBacking/hugepages":
		vm.Hugepages = &vfio.VMHugepages{Enabled: &vfio.Fact[bool]{Value: true, Source: d.source(span, "", "")}}
	case "cpu/topology":
		topology := &vm.Topology
		topology.Sockets, topology.Dies = d.number(t, span, "sockets"), d.number(t, span, "dies")
		topology.Clusters, topology.Cores, topology.Threads = d.number(t, span, "clusters"), d.number(t, span, "cores"), d.number(t, span, "threads")
	case "cpu/feature":
		name, policy := d.attr(t, span, "name"), d.attr(t, span, "policy")
		if name != nil && policy != nil {
			vm.CPUFeatures.Facts = append(vm.CPUFeatures.Facts, vfio.Fact[vfio.CPUFeature]{
				Value: vfio.CPUFeature{Name: name.Value, Policy: policy.Value}, Source: name.Source,
			})
		}
	case "cputune/vcpupin":
		vcpu, set := d.number(t, span, "vcpu"), d.attr(t, span, "cpuset")
		if vcpu != nil && set != nil {
			vm.Pins.Facts = append(vm.Pins.Facts, vfio.Fact[vfio.Pin]{Value: vfio.Pin{VCPU: vcpu.Value, CPUs: set.Value}, Source: set.Source})
		}
	case "cputune/emulatorpin":
		vm.EmulatorPin = d.attr(t, span, "cpuset")
	case "cputune/iothreadpin":
		if set := d.attr(t, span, "cpuset"); set != nil {
			vm.IOThreadPins.Facts = append(vm.IOThreadPins.Facts, *set)
		}
	default:
		d.device(t, span)
	}
}

// device reads the start of an element below <devices>.
func (d *domainReader) device(t xml.StartElement, span parser.Span) {
	switch d.where() {
	case "devices/hostdev":
		kind := d.attr(t, span, "type")
		if kind == nil || kind.Value != "pci" && kind.Value != "usb" {
			return
		}
		d.hostdev, d.usb = &vfio.Hostdev{}, vfio.USBDevice{}
		if m := d.attr(t, span, "managed"); m != nil {
			d.hostdev.Managed = &vfio.Fact[bool]{Value: m.Value == "yes", Source: m.Source}
		}
	case "devices/hostdev/source/address":
		if d.hostdev != nil && d.attr(t, span, "slot") != nil {
			d.hostdev.Libvirt = &vfio.LibvirtAddress{
				Domain: d.attr(t, span, "domain"), Bus: d.attr(t, span, "bus"), Slot: d.attr(t, span, "slot"), Function: d.attr(t, span, "function"),
			}
		}
	case "devices/hostdev/source/vendor", "devices/hostdev/source/product":
		if id := d.attr(t, span, "id"); id != nil {
			if d.at[len(d.at)-1] == "vendor" {
				d.usb.Vendor = id.Value
			} else {
				d.usb.Product = id.Value
			}
			if d.usb.Vendor != "" && d.usb.Product != "" {
				d.vm.USB.Facts = append(d.vm.USB.Facts, vfio.Fact[vfio.USBDevice]{Value: d.usb, Source: id.Source})
			}
		}
	case "devices/interface/source":
		for _, name := range []string{"bridge", "dev", "network"} {
			if link := d.attr(t, span, name); link != nil {
				kind := map[string]string{"bridge": "bridge", "dev": "macvtap", "network": "network"}[name]
				nic := vfio.NIC{Type: kind, Interface: link.Value}
				if kind == "network" {
					nic.Interface = ""
				}
				d.vm.NICs.Facts = append(d.vm.NICs.Facts, vfio.Fact[vfio.NIC]{Value: nic, Source: link.Source})
				break
			}
		}
	case "devices/shmem":
		if name := d.attr(t, span, "name"); name != nil && strings.Contains(name.Value, "looking") {
			path := *name
			path.Value = "/dev/shm/" + name.Value
			d.vm.Shmem = &vfio.Shmem{Path: &path}
		}
	case "devices/shmem/size":
		d.unit = ""
		if f := d.attr(t, span, "unit"); f != nil {
			d.unit = f.Value
		}
	}
}

// inside reads the text of an element.
func (d *domainReader) inside(text string, span parser.Span) {
	if text == "" || d.vm == nil {
		return
	}
	source := d.place(span)
	n, err := strconv.Atoi(text)
	switch d.where() {
	case "name":
		d.vm.Name = text
	case "memory":
		if err == nil && n >= 0 {
			d.vm.Memory = &vfio.Fact[vfio.Size]{Value: vfio.Size{N: uint64(n), Unit: d.unit}, Source: source}
		}
	case "vcpu":
		if err == nil {
			d.vm.VCPUs = &vfio.Fact[int]{Value: n, Source: source}
		}
	case "devices/shmem/size":
		if err == nil && d.vm.Shmem != nil && (d.unit == "M" || d.unit == "MiB") {
			d.vm.Shmem.MiB = &vfio.Fact[int]{Value: n, Source: source}
		}
	}
}

// close ends an element.
func (d *domainReader) close() {
	if d.where() != "devices/hostdev" || d.hostdev == nil {
		return
	}
	if l := d.hostdev.Libvirt; l != nil && l.Bus != nil {
		d.vm.Hostdevs.Facts = append(d.vm.Hostdevs.Facts, vfio.Fact[vfio.Hostdev]{Value: *d.hostdev, Source: l.Bus.Source})
	}
	d.hostdev = nil
}
