package vfio

import (
	"slices"

	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

// Use is what a configuration wants a device for.
type Use struct {
	Kind     UseKind
	Guest    string   // the guest, for [PassedToGuest]
	Contexts []string // boot entries
	Source   Source
}

// UseKind is a kind of [Use].
type UseKind uint8

// Kinds of uses.
const (
	PassedToGuest UseKind = iota // a guest gets the device
	KeptForGuests                // vfio-pci gets it at boot
	UsedByPRIME                  // the host draws on it
	NamedByHost                  // the host names it for something else
)

// Uses tells what a configuration wants the devices of a machine for. Devices
// that the machine does not have are among them if they are named by address;
// m is nil if it is not known.
func Uses(c *Claims, m *machine.Machine) map[pci.Addr][]Use {
	out := make(map[pci.Addr][]Use)
	for i := range c.Contexts {
		ctx := &c.Contexts[i]
		add := func(a pci.Addr, kind UseKind, guest string, source Source) {
			for k := range out[a] {
				u := &out[a][k]
				if u.Kind == kind && u.Guest == guest {
					if !slices.Contains(u.Contexts, ctx.Name) {
						u.Contexts = append(u.Contexts, ctx.Name)
					}
					return
				}
			}
			out[a] = append(out[a], Use{kind, guest, []string{ctx.Name}, source})
		}
		v := newView(ctx, m)
		for k := range v.vms {
			for _, h := range v.vms[k].devices {
				if h.hasAddr {
					add(h.addr, PassedToGuest, v.vms[k].Name, h.source)
				}
			}
		}
		for _, b := range v.bindings {
			if !b.byID {
				add(b.addr, KeptForGuests, "", b.source)
			} else if m != nil {
				for _, d := range m.Matching(b.pattern) {
					add(d.Address, KeptForGuests, "", b.source)
				}
			}
		}
		for _, f := range []*Fact[string]{ctx.NVIDIA.NVIDIABusID, ctx.NVIDIA.IntelBusID, ctx.NVIDIA.AMDBusID} {
			if f == nil {
				continue
			}
			if a, err := pci.ParseBusID(f.Value); err == nil {
				add(a, UsedByPRIME, "", f.Source)
			}
		}
		for _, f := range ctx.Addresses.Facts {
			if a, _, err := pci.Detect(f.Value.Text); err == nil && f.Value.Use == HostAddress {
				add(a, NamedByHost, "", f.Source)
			}
		}
	}
	return out
}
