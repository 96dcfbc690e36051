package claims

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/vfio"
	"github.com/nixlint/nixlint/vfio/kernel"
)

// nixVirt reads the guests that NixVirt's module is given: what its function
// writeXML is called with, in Nix or in a file.
func (r *reader) nixVirt(c *vfio.Context) {
	for _, connection := range r.names("virtualisation", "libvirt", "connections") {
		domains, ok := cursor{r: r, v: r.ev.Force(connection.Value)}.in("domains")
		if !ok {
			continue
		}
		all, whole := domains.elements()
		c.VMsComplete = c.VMsComplete && whole
		for _, x := range all {
			definition, ok := x.in("definition")
			call, isCall := definition.v.(*eval.Unknown)
			if !ok || !isCall || call.Func == nil || len(call.Args) == 0 || !mentions(call.Func, "writexml") {
				c.VMsComplete = c.VMsComplete && ok && !isCall
				continue
			}
			t := call.Args[len(call.Args)-1]
			guest := cursor{r: r, v: r.ev.Force(t), t: t, at: definition.at}
			name := guest.text("name")
			if name == nil {
				continue
			}
			if vm := r.guest(name.Value, guest); vm != nil {
				c.VMs = append(c.VMs, *vm)
			}
		}
	}
}

// pageSizes says how large the huge pages of guests are whose options do not
// tell: as large as those that the kernel is told to set aside, or as the memory
// in as many pages comes to. Of others nothing is known.
func pageSizes(c *vfio.Claims) {
	sizes := make(map[string]bool)
	for i := range c.Contexts {
		for _, f := range c.Contexts[i].Params.Facts {
			for _, p := range kernel.ParseCmdline(f.Value) {
				if kernel.SameName(p.Name, "hugepagesz") {
					sizes[p.Value] = true
				}
			}
		}
	}
	for i := range c.Contexts {
		for k := range c.Contexts[i].VMs {
			vm := &c.Contexts[i].VMs[k]
			h := vm.Hugepages
			if h == nil || h.PageSize != nil {
				continue
			}
			size := ""
			if len(sizes) == 1 {
				for s := range sizes {
					size = s
				}
			} else if h.Count != nil && vm.Memory != nil {
				bytes, err := vm.Memory.Value.Bytes()
				switch n := uint64(max(h.Count.Value, 0)); {
				case err != nil:
				case bytes == n<<30:
					size = "1G"
				case bytes == n<<21:
					size = "2M"
				}
			}
			if size == "" {
				vm.Hugepages = nil
				continue
			}
			h.PageSize = &vfio.Fact[string]{Value: size}
		}
	}
}

// dropUndefined takes guests out of boot entries that do not define them. That
// seems so if what defines them, a service or a file in /etc, is called after
// them and only in other entries.
func (r *reader) dropUndefined(c *vfio.Claims) {
	defined := make([]map[string]bool, len(c.Contexts))
	for i := range c.Contexts {
		r.entry = r.entries[i]
		defined[i] = r.definedNames()
	}
	mentions := func(i int, guest string) bool {
		for name := range defined[i] {
			if strings.Contains(name, guest) {
				return true
			}
		}
		return false
	}
	for i := range c.Contexts {
		c.Contexts[i].VMs = slices.DeleteFunc(c.Contexts[i].VMs, func(vm vfio.VM) bool {
			if mentions(i, vm.Name) {
				return false
			}
			for k := range c.Contexts {
				if mentions(k, vm.Name) {
					return true
				}
			}
			return false
		})
	}
}

// definedNames are the names of what an entry sets up that guests may be
// defined by.
func (r *reader) definedNames() map[string]bool {
	out := make(map[string]bool)
	for _, path := range [][]string{{"environment", "etc"}, {"systemd", "services"}, {"system", "activationScripts"}} {
		set, _ := r.entry.config.Value(path...).(*eval.Attrs)
		if set == nil {
			continue
		}
		for _, a := range set.Entries {
			if defs, _ := r.definitions(append(path[:2:2], a.Name)...); len(defs) > 0 {
				out[a.Name] = true
			}
		}
	}
	return out
}
