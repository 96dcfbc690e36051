package vfio

import (
	"fmt"
	"regexp"
	"slices"
	"sync"

	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

var networkChecks = []Check{
	{
		Name: "scream-interface", Severity: Warning,
		Summary: "receiver of a guest's sound that listens where no guest is",
		Why:     "Scream sends by multicast on the guest's network: the receiver must listen on that bridge, and the firewall let UDP port 4010 through.",
		Bad:     "scream.interface = \"virbr0\"; # win11 is on br0",
		Good:    `scream.interface = "br0";`,
		run:     checkScream,
	},
	{
		Name: "vm-netif-undefined", Severity: Warning,
		Summary: "guest on a bridge or link that nothing defines",
		Why:     "libvirt does not start a guest whose bridge is not there. With NetworkManager or another daemon it may be made by hand.",
		Bad:     "network = { type = \"bridge\"; interface = \"br0\"; };",
		Good:    "networking.bridges.br0.interfaces = [ \"eno1\" ];\nnetwork = { type = \"bridge\"; interface = \"br0\"; };",
		run:     checkGuestNetwork,
	},
	{
		Name: "vfio-takes-only-nic", Severity: Warning, Needs: Hardware,
		Summary: "network card of a guest that the host needs",
		Why:     "The host loses its network while the guest has the card. If the host has others it is only worth knowing, unless options name this one.",
		Bad:     "devices.nic.address = \"0000:08:00.0\"; # eno1, the only one",
		Good:    `network.type = "macvtap"; # shares eno1`,
		run:     checkOnlyNIC,
	},
	{
		Name: "netif-not-present", Severity: Warning, Needs: Hardware,
		Summary: "network interface that the machine does not have",
		Why:     "Names such as `enp6s0` contain the bus, and change when a card is added. Silent for virtual and USB interfaces, and where names are set by hand.",
		Bad:     "networking.interfaces.enp6s0.wakeOnLan.enable = true; # it is enp8s0 now",
		Good:    "networking.interfaces.enp8s0.wakeOnLan.enable = true;",
		run:     checkInterfacePresent,
	},
}

// hostLink returns the interface of the host that a guest's card is on.
func (n NIC) hostLink() string {
	switch n.Type {
	case "nat", "network":
		if n.Interface == "" || n.Interface == "default" {
			return "virbr0"
		}
		return "" // another network of libvirt's
	case "bridge":
		return n.Interface
	}
	return ""
}

func checkScream(p *pass) {
	s := p.ctx.Scream
	if s == nil || s.Interface == nil || s.Interface.Maybe {
		return
	}
	name := s.Interface.Value
	var links []string
	unknown := !p.ctx.VMsComplete
	for i := range p.ctx.VMs {
		vm := &p.ctx.VMs[i]
		unknown = unknown || !vm.NICs.Complete
		for k := range vm.NICs.Facts {
			if link := vm.NICs.Facts[k].Value.hostLink(); link != "" {
				links = append(links, link)
			} else {
				unknown = true
			}
		}
	}
	links = unique(links)
	if !unknown && len(links) > 0 && !slices.Contains(links, name) {
		f := p.report(s.Interface.ref(), Warning, fmt.Sprintf("Scream listens on `%s`, and guests are on %s: there is no sound", name, list(ticked(links))), "")
		if len(links) == 1 {
			f.replace(links[0], false)
		}
	}
	p.screamPort(name)
}

func ticked(words []string) []string {
	var all []string
	for _, w := range words {
		all = append(all, "`"+w+"`")
	}
	return all
}

func (p *pass) screamPort(link string) {
	n := &p.ctx.Network
	if !is(n.Firewall, true) || !n.OpenUDP.Complete || !n.Trusted.Complete {
		return
	}
	port := 4010
	if f := p.ctx.Scream.Port; f != nil {
		port = f.Value
	}
	trusted := slices.ContainsFunc(n.Trusted.Facts, func(f Fact[string]) bool { return f.Value == link })
	open := slices.ContainsFunc(n.OpenUDP.Facts, func(f Fact[OpenPorts]) bool {
		return (f.Value.Interface == "" || f.Value.Interface == link) && f.Value.From <= port && port <= f.Value.To
	})
	if !trusted && !open {
		p.report(p.ctx.Scream.Interface.ref(), Warning, fmt.Sprintf("the firewall lets no UDP port %d through on `%s`: there is no sound", port, link), "").
			fix("open the port", false, Change{Kind: Add, Option: "networking.firewall.interfaces." + link + ".allowedUDPPorts", Value: fmt.Sprint(port)})
	}
}

func checkGuestNetwork(p *pass) {
	n := &p.ctx.Network
	for i := range p.ctx.VMs {
		vm := &p.ctx.VMs[i]
		for k := range vm.NICs.Facts {
			f := &vm.NICs.Facts[k]
			nic := f.Value
			switch {
			case (nic.Type == "bridge" || nic.Type == "macvtap") && nic.Interface == "":
				p.report(f.ref(), Warning, fmt.Sprintf("the network card of `%s` is of type `%s` and names no interface", vm.Name, nic.Type), "")
			case nic.Type == "macvtap":
				for b := range n.Bridges.Facts {
					if bridge := &n.Bridges.Facts[b]; slices.Contains(bridge.Value.Ports, nic.Interface) {
						p.report(f.ref(), Warning, fmt.Sprintf("`%s` is a port of the bridge `%s`: no macvtap can be on it", nic.Interface, bridge.Value.Name), "put the guest on the bridge").
							related(bridge.ref(), "the bridge")
					}
				}
			case nic.Type == "bridge" && n.Bridges.Complete && nic.Interface != "virbr0":
				p.bridgeDefined(vm, f)
			}
		}
	}
}

func (p *pass) bridgeDefined(vm *VM, f *Fact[NIC]) {
	n, name := &p.ctx.Network, f.Value.Interface
	if slices.ContainsFunc(n.Bridges.Facts, func(b Fact[Bridge]) bool { return b.Value.Name == name }) {
		return
	}
	if p.m != nil {
		if _, there := p.m.Bridges[name]; there {
			return
		}
	}
	s, help := Info, "a daemon such as NetworkManager may make it"
	if is(n.Managed, false) {
		s, help = Warning, "define `networking.bridges."+name+"`, or use the network of libvirt"
	}
	p.report(f.ref(), s, fmt.Sprintf("`%s` is on the bridge `%s`, and nothing defines it", vm.Name, name), help)
}

func checkOnlyNIC(p *pass) {
	for _, g := range p.guestDevices() {
		if g.d.Class.Base() != pci.BaseNetwork || len(g.d.Net) == 0 {
			continue
		}
		name := g.d.Net[0]
		s, what := Severity(0), ""
		var by ref
		for i := range p.ctx.Network.Bridges.Facts {
			b := &p.ctx.Network.Bridges.Facts[i]
			if !b.Maybe && slices.Contains(b.Value.Ports, name) {
				s, what, by = Warning, "a port of the bridge `"+b.Value.Name+"`", b.ref()
			}
		}
		for i := range p.ctx.Network.Interfaces.Facts {
			f := &p.ctx.Network.Interfaces.Facts[i]
			if !f.Maybe && f.Value == name {
				s, what, by = Warning, "set up by this configuration", f.ref()
			}
		}
		if s == 0 && g.d.Uses(machine.UseNetOnly) {
			s, what = Warning, "the only network card"
			for i := range p.m.PCI {
				if d := &p.m.PCI[i]; d != g.d && d.Class.Base() == pci.BaseNetwork && len(d.Net) > 0 {
					s, what = Info, "the only one with a cable"
				}
			}
		}
		if s != 0 {
			p.report(g.ref, s, fmt.Sprintf("%s is `%s`, %s, and `%s` gets it", p.describe(g.d), name, what, g.vm.Name), "").
				related(by, "needed here").about(g.d)
		}
	}
}

// hardName matches interface names that contain where a PCI card is. Those of
// USB devices have a `u` for the port.
var hardName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(en|wl)(o[0-9]+|(P[0-9]+)?(p[0-9]+)?s[0-9]+(f[0-9]+)?((v|d|np)[0-9]+)*)$`)
})

func checkInterfacePresent(p *pass) {
	n := &p.ctx.Network
	if n.Renamed != nil && n.Renamed.Value {
		return
	}
	known := false
	for i := range p.m.PCI {
		known = known || len(p.m.PCI[i].Net) > 0
	}
	if !known {
		return
	}
	seen := map[string]bool{}
	check := func(r ref, name string) {
		if seen[name] || !hardName().MatchString(name) || p.m.Interface(name) != nil {
			return
		}
		if _, bridge := p.m.Bridges[name]; bridge {
			return
		}
		seen[name] = true
		f := p.report(r, Warning, fmt.Sprintf("there is no network interface `%s` %s", name, p.source()), "names contain the bus, which changes when a card is added")
		var same []*machine.Device
		for i := range p.m.PCI {
			d := &p.m.PCI[i]
			if d.PhysFn == nil && len(d.Net) == 1 && d.Net[0][:2] == name[:2] && !p.named(d.Net[0]) {
				same = append(same, d)
			}
		}
		if len(same) == 1 {
			f.Help = fmt.Sprintf("%s is `%s`", p.describe(same[0]), same[0].Net[0])
			f.about(same[0]).replace(same[0].Net[0], false)
		}
	}
	for i := range n.Interfaces.Facts {
		check(n.Interfaces.Facts[i].ref(), n.Interfaces.Facts[i].Value)
	}
	for i := range n.Bridges.Facts {
		for _, port := range n.Bridges.Facts[i].Value.Ports {
			check(n.Bridges.Facts[i].ref(), port)
		}
	}
	for i := range p.ctx.VMs {
		for k := range p.ctx.VMs[i].NICs.Facts {
			if f := &p.ctx.VMs[i].NICs.Facts[k]; f.Value.Type == "macvtap" {
				check(f.ref(), f.Value.Interface)
			}
		}
	}
}

// named tells whether the configuration speaks of an interface.
func (p *pass) named(name string) bool {
	n := &p.ctx.Network
	return slices.ContainsFunc(n.Interfaces.Facts, func(f Fact[string]) bool { return f.Value == name }) ||
		slices.ContainsFunc(n.Bridges.Facts, func(f Fact[Bridge]) bool { return slices.Contains(f.Value.Ports, name) })
}
