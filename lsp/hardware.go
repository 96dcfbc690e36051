package lsp

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/hardware"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/session"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
	"github.com/nixlint/nixlint/vfio/pciids"
)

// pciNames are the names of PCI devices, read when they are first needed.
var pciNames = sync.OnceValue(pciids.System)

// nameOf returns the name of a device with its vendor's, or "".
func nameOf(id pci.ID) string {
	name := pciNames().Device(id)
	if name == "" {
		return ""
	}
	return strings.TrimSpace(pciNames().Vendor(id.Vendor) + " " + name)
}

// describeText tells what a text names: a PCI device, by its id or its address.
func (q *query) describeText(n parser.String, v symbol.View) string {
	text, ok := n.Static()
	if !ok {
		return ""
	}
	var is func(d *machine.Device) bool
	var b strings.Builder
	if id, err := pci.ParseID(text); err == nil {
		is = func(d *machine.Device) bool { return d.ID() == id }
		name := nameOf(id)
		if name == "" {
			name = "a device whose name is not known"
		}
		fmt.Fprintf(&b, "`%s`: %s\n", id, name)
	} else if addr, _, err := pci.Detect(text); err == nil {
		is = func(d *machine.Device) bool { return d.Address == addr }
		fmt.Fprintf(&b, "PCI device `%s`; for the X server `%s`\n", addr, addr.BusID())
	} else {
		return ""
	}
	for host, m := range q.machines(v) {
		for i := range m.PCI {
			if d := &m.PCI[i]; is(d) {
				fmt.Fprintf(&b, "\n- %s: `%s` %s", host, d.Address, describeDevice(d))
			}
		}
	}
	return b.String()
}

// describeDevice tells what a device is, in a line.
func describeDevice(d *machine.Device) string {
	parts := []string{strings.TrimSpace(nameOf(d.ID()) + " [" + d.ID().String() + "]")}
	if d.IOMMUGroup != nil {
		parts = append(parts, "IOMMU group "+strconv.Itoa(*d.IOMMUGroup))
	}
	if d.Runtime != nil && d.Runtime.Driver != nil && *d.Runtime.Driver != "" {
		parts = append(parts, "driver "+*d.Runtime.Driver)
	}
	return strings.Join(parts, ", ")
}

// machines yields what is known of the machines of the hosts that a file belongs to.
func (q *query) machines(v symbol.View) func(func(string, *machine.Machine) bool) {
	return func(yield func(string, *machine.Machine) bool) {
		settings, err := q.Settings.Repository(q.Repo.Root)
		if err != nil {
			return
		}
		var seen []string
		for _, in := range v.Evaluations {
			if slices.Contains(seen, in.Host.Name) {
				continue
			}
			seen = append(seen, in.Host.Name)
			m, err := hardware.MachineOf(hardware.Options{Host: in.Host.Name}, v.Model, settings.SnapshotFiles())
			if err == nil && m != nil && !yield(in.Host.Name, m) {
				return
			}
		}
	}
}

// hoverText is Hover on a text.
func (s *server) hoverText(q *query, at uint32) *protocol.Hover {
	n := q.tree().NodeAt(at)
	if !n.Is(parser.KindString) {
		return nil
	}
	var out *protocol.Hover
	q.evaluated(func(_ *session.Snapshot, m *repo.Model) {
		if text := q.describeText(parser.String{Node: n}, symbol.ViewOf(m, q.path)); text != "" {
			out = s.hover(text, q.toRange(n.Span()))
		}
	})
	return out
}

// devices proposes the ids, addresses or bus ids of the machine's devices, by the name of
// what is being defined. Without quotes around the cursor they get them.
func (c *completion) devices(quoted bool) {
	name := strings.ToLower(c.valueName())
	var write func(d *machine.Device) string
	switch {
	case strings.HasSuffix(name, "busid"):
		write = func(d *machine.Device) string { return d.Address.BusID() }
	case strings.HasSuffix(name, "address") || strings.HasSuffix(name, "addresses"):
		write = func(d *machine.Device) string { return d.Address.String() }
	case name == "id" || name == "ids" || strings.HasSuffix(name, "pciid") || strings.HasSuffix(name, "deviceids") || strings.HasSuffix(name, "pciids"):
		write = func(d *machine.Device) string { return d.ID().String() }
	default:
		return
	}
	for _, m := range c.machines(c.view) {
		for i := range m.PCI {
			d := &m.PCI[i]
			if d.Class.Bridge() || strings.HasSuffix(name, "busid") && !d.Class.Display() {
				continue
			}
			text := write(d)
			if !quoted {
				text = `"` + text + `"`
			}
			item := c.addText(text, text, describeDevice(d), protocol.CompletionItemKindConstant, rankValue)
			if item != nil { // by its name too
				item.FilterText = protocol.NewOptional(text + " " + nameOf(d.ID()))
			}
		}
	}
}
