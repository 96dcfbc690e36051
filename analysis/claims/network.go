package claims

import (
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/vfio"
)

// network reads what the host does with its links.
func (r *reader) network() vfio.Network {
	n := vfio.Network{
		Bridges:    vfio.List[vfio.Bridge]{Complete: r.entry.whole},
		Interfaces: vfio.List[string]{},
		OpenUDP:    vfio.List[vfio.OpenPorts]{Complete: r.entry.whole},
		Trusted:    r.words("networking", "firewall", "trustedInterfaces"),
		Firewall:   r.flag("networking", "firewall", "enable"),
		Managed:    r.flag("networking", "networkmanager", "enable"),
	}
	bridges := make(map[string]bool)
	for _, a := range r.names("networking", "bridges") {
		ports := r.words("networking", "bridges", a.Name, "interfaces")
		b := vfio.Bridge{Name: a.Name}
		for _, p := range ports.Facts {
			b.Ports = append(b.Ports, p.Value)
		}
		bridges[a.Name] = true
		n.Bridges.Facts = append(n.Bridges.Facts, fact(r, b, r.at(a.At), false))
		n.Interfaces.Facts = append(n.Interfaces.Facts, ports.Facts...)
	}
	if defs, _ := r.definitions("systemd", "network", "netdevs"); len(defs) > 0 {
		n.Bridges.Complete = false // it may make bridges
	}
	for _, a := range r.names("networking", "interfaces") {
		if !bridges[a.Name] && physical(a.Name) {
			n.Interfaces.Facts = append(n.Interfaces.Facts, fact(r, a.Name, r.at(a.At), false))
		}
	}
	if f := r.flag("networking", "usePredictableInterfaceNames"); f != nil {
		n.Renamed = &vfio.Fact[bool]{Value: !f.Value, Source: f.Source, Maybe: f.Maybe}
	}
	if defs, _ := r.definitions("systemd", "network", "links"); len(defs) > 0 {
		f := fact(r, true, r.at(defs[0].At), false)
		n.Renamed = &f
	}
	r.openPorts(&n, "", "networking", "firewall")
	for _, a := range r.names("networking", "firewall", "interfaces") {
		r.openPorts(&n, a.Name, "networking", "firewall", "interfaces", a.Name)
	}
	return n
}

// physical reports whether a link has a name that the kernel or udev gives to
// network cards in slots.
func physical(name string) bool {
	for _, prefix := range []string{"en", "eth", "wl"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// openPorts reads the UDP ports that a part of the firewall opens.
func (r *reader) openPorts(n *vfio.Network, link string, path ...string) {
	option := func(name string) []string { return append(path[:len(path):len(path)], name) }
	list := func(path []string) (out []*eval.Thunk) {
		defs, whole := r.definitions(path...)
		n.OpenUDP.Complete = n.OpenUDP.Complete && whole
		for _, d := range defs {
			l, ok := r.ev.Force(d.Value).(*eval.List)
			if !ok || l.More != nil {
				n.OpenUDP.Complete = false
				continue
			}
			out = append(out, l.Elems...)
		}
		return out
	}
	add := func(t *eval.Thunk, from, to int) {
		n.OpenUDP.Facts = append(n.OpenUDP.Facts, fact(r, vfio.OpenPorts{Interface: link, From: from, To: to}, r.source(t, r.ev.Force(t), eval.Place{}), false))
	}
	for _, t := range list(option("allowedUDPPorts")) {
		if port, ok := asInt(r.ev.Force(t)); ok {
			add(t, port, port)
		} else {
			n.OpenUDP.Complete = false
		}
	}
	for _, t := range list(option("allowedUDPPortRanges")) {
		a, ok := r.ev.Force(t).(*eval.Attrs)
		if !ok {
			n.OpenUDP.Complete = false
			continue
		}
		from, ok1 := asInt(r.ev.Select(a, "from", eval.Place{}))
		to, ok2 := asInt(r.ev.Select(a, "to", eval.Place{}))
		if ok1 && ok2 {
			add(t, from, to)
		} else {
			n.OpenUDP.Complete = false
		}
	}
}

// scream reads the command line of a service that receives the sound of guests.
func (r *reader) scream() *vfio.Scream {
	for _, path := range [][]string{{"systemd", "user", "services"}, {"systemd", "services"}} {
		for _, a := range r.names(path...) {
			if !strings.Contains(strings.ToLower(a.Name), "scream") {
				continue
			}
			defs, _ := r.definitions(append(path[:len(path):len(path)], a.Name, "serviceConfig", "ExecStart")...)
			if len(defs) != 1 {
				continue
			}
			command := ""
			switch v := r.ev.Force(defs[0].Value).(type) {
			case eval.String:
				command = string(v)
			case *eval.Text:
				command = v.Suffix()
			}
			if s := r.screamCommand(command, r.source(defs[0].Value, eval.Null{}, defs[0].At), !defs[0].Certain); s != nil {
				return s
			}
		}
	}
	return nil
}

func (r *reader) screamCommand(command string, at *Source, maybe bool) *vfio.Scream {
	words := strings.Fields(command)
	s := &vfio.Scream{}
	for i := 0; i+1 < len(words); i++ {
		switch words[i] {
		case "-i":
			f := fact(r, words[i+1], at, maybe)
			s.Interface = &f
		case "-p":
			if port, err := strconv.Atoi(words[i+1]); err == nil {
				f := fact(r, port, at, maybe)
				s.Port = &f
			}
		}
	}
	if s.Interface == nil {
		return nil
	}
	return s
}
