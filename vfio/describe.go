package vfio

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

// describe names a device in a message: its address and what it is.
func (p *pass) describe(d *machine.Device) string {
	return fmt.Sprintf("`%s` (%s)", d.Address, p.what(d))
}

// what says what a device is: its name, or its class and id.
func (p *pass) what(d *machine.Device) string {
	name := p.options.Names.Device(d.ID())
	if d.Class.Display() {
		name = p.product(d.ID())
	}
	if name != "" {
		return name
	}
	class := p.options.Names.Class(d.Class)
	if class == "" {
		class = "device"
	}
	if len(class) > 1 && class[1] >= 'a' { // not VGA, USB
		class = strings.ToLower(class[:1]) + class[1:]
	}
	return class + " " + d.ID().String()
}

// product returns the name of a device, or "". Names of graphics cards have the
// chip first and the name under which it is sold in brackets.
func (p *pass) product(id pci.ID) string {
	name := p.options.Names.Device(id)
	if _, sold, ok := strings.Cut(name, " ["); ok && gpuDrivers[id.Vendor] != nil {
		sold, _, _ = strings.Cut(sold, "]")
		return sold
	}
	return name
}

// source says where the facts of the machine come from.
func (p *pass) source() string {
	c := p.m.Captured
	switch {
	case c.Tool == "nixos-facter":
		return "in the report of nixos-facter"
	case c.Date != "":
		return "in the snapshot of " + c.Date
	}
	return "in this machine"
}

// list joins words as a sentence does: a, b and c.
func list(words []string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// plural returns the form of a word that goes with a number.
func plural(n int, one, many string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %s", n, many)
}

// addresses returns the addresses of devices.
func addresses(devices []*machine.Device) []pci.Addr {
	var all []pci.Addr
	for _, d := range devices {
		all = append(all, d.Address)
	}
	return all
}

// quoted puts each word in backticks.
func quoted[T fmt.Stringer](words []T) []string {
	var all []string
	for _, w := range words {
		all = append(all, "`"+w.String()+"`")
	}
	return all
}

// gib writes an amount of memory for people.
func gib(bytes uint64) string {
	switch {
	case bytes%(1<<30) == 0:
		return fmt.Sprintf("%d GiB", bytes>>30)
	case bytes >= 10<<30:
		return fmt.Sprintf("%.0f GiB", float64(bytes)/(1<<30))
	case bytes >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30))
	}
	return fmt.Sprintf("%d MiB", bytes>>20)
}

// unique removes what occurs again, keeping the order.
func unique[T comparable](xs []T) []T {
	var out []T
	for _, x := range xs {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}
