package claims

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/vfio"
)

var (
	// addressShape is what is meant to be an address, right or wrong.
	addressShape = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\w{1,8}:)?\w{1,2}:\w{1,2}\.\w{1,2}$`) })
	// idShape is what is meant to be an id, right or wrong.
	idShape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(0x)?[0-9a-fA-F]{4}[:-](0x)?[0-9a-fA-F]{4}(:[0-9a-fA-F:]+)?$`)
	})
	// hardwareWords are parts of the names of options that are about devices.
	hardwareWords = []string{"vfio", "pci", "gpu", "passthrough", "iommu"}
)

// ownOptions reads the options that the repository declares itself and that
// speak of devices, wherever they are.
func (r *reader) ownOptions(c *vfio.Context) {
	c.IDs.Complete, c.Addresses.Complete = r.entry.whole, r.entry.whole
	c.VMsComplete = r.entry.whole
	for _, path := range r.guestOptions {
		r.namedGuests(c, path)
	}
	for _, o := range r.entry.config.Declared() {
		if !r.isOwn(o) {
			continue
		}
		path := o.Path[len(r.entry.config.Input.Prefix):]
		switch {
		case r.isNamed(path):
		case r.isGuests(o, path):
			r.guests(c, path)
		case r.looksLikeGuests(o, path):
			r.guests(c, path)
		case speaksOf(path, hardwareWords) && !slices.Contains(path, "prime"):
			r.ownOption(c, o, path)
		}
	}
}

// isOwn reports whether the repository declares an option.
func (r *reader) isOwn(o *module.Option) bool {
	return slices.ContainsFunc(o.Declarations, func(d module.Declaration) bool { return d.At.IsValid() && r.holds(d.At.File) })
}

// speaksOf reports whether a name in a path holds one of the words.
func speaksOf(path []string, words []string) bool {
	return slices.ContainsFunc(path, func(name string) bool {
		name = strings.ToLower(name)
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(name, w) })
	})
}

// ownOption reads one option about devices: whether they are kept for guests,
// their ids, their addresses.
func (r *reader) ownOption(c *vfio.Context, o *module.Option, path []string) {
	last := strings.ToLower(path[len(path)-1])
	if last == "enable" && len(path) > 1 && strings.Contains(strings.ToLower(path[len(path)-2]), "vfio") {
		// What is only declared does nothing; of several the first counts.
		if f := r.flag(path...); f != nil && c.VFIO == nil {
			c.VFIO = f
		}
		return
	}
	if !strings.Contains(last, "id") && !strings.Contains(last, "address") && !strings.Contains(last, "device") {
		return
	}
	list := r.words(path...)
	for _, f := range list.Facts {
		switch {
		case idShape().MatchString(f.Value) && !strings.Contains(last, "usb"):
			c.IDs.Facts = append(c.IDs.Facts, f)
		case addressShape().MatchString(f.Value):
			c.Addresses.Facts = append(c.Addresses.Facts, vfio.Fact[vfio.Address]{
				Value: vfio.Address{Text: f.Value}, Source: f.Source, Maybe: f.Maybe, Comment: f.Comment,
			})
		}
	}
}

// guestWords are the names of options that hold guests.
var guestWords = []string{"vms", "vm", "guests", "domains", "virtualmachines", "machines"}

// isGuests reports whether an option holds guests by their names.
func (r *reader) isGuests(o *module.Option, path []string) bool {
	t := o.Type()
	return (t.Name == "attrsOf" || t.Name == "lazyAttrsOf") &&
		slices.ContainsFunc(path, func(name string) bool { return slices.Contains(guestWords, strings.ToLower(name)) })
}

// isNamed reports whether an option is one of those that are said to describe
// guests.
func (r *reader) isNamed(path []string) bool {
	return slices.ContainsFunc(r.guestOptions, func(p []string) bool { return slices.Equal(p, path) })
}

// looksLikeGuests reports whether an option, whatever its name, holds sets that
// describe guests with devices of the host.
func (r *reader) looksLikeGuests(o *module.Option, path []string) bool {
	if t := o.Type(); t.Name != "attrsOf" && t.Name != "lazyAttrsOf" {
		return false
	}
	set, ok := r.entry.config.Value(path...).(*eval.Attrs)
	return ok && slices.ContainsFunc(set.Entries, func(a eval.Attr) bool {
		vm := r.guest(a.Name, cursor{r: r, v: r.ev.Force(a.Value), t: a.Value, at: a.At})
		return vm != nil && slices.ContainsFunc(vm.Hostdevs.Facts, func(h vfio.Fact[vfio.Hostdev]) bool {
			return h.Value.Libvirt != nil || h.Value.Address != nil && addressShape().MatchString(h.Value.Address.Value)
		})
	})
}

// namedGuests reads an option that is said to describe guests: by their names,
// in a list, or one.
func (r *reader) namedGuests(c *vfio.Context, path []string) {
	v := r.entry.config.Value(path...)
	one := cursor{r: r, v: v, t: eval.Done(v)}
	switch v.(type) {
	case *eval.List:
		all, whole := one.elements()
		c.VMsComplete = c.VMsComplete && whole
		for _, x := range all {
			if name := x.text("name"); name != nil {
				r.addGuest(c, name.Value, x)
			}
		}
	case *eval.Attrs:
		name := path[len(path)-1]
		if own := one.text("name"); own != nil {
			name = own.Value
		}
		if r.guest(name, one) == nil {
			r.guests(c, path)
			return
		}
		if defs, _ := r.definitions(path...); len(defs) > 0 {
			one.at = defs[0].At
		}
		r.addGuest(c, name, one)
	case *eval.Unknown:
		c.VMsComplete = false
	}
}

func (r *reader) addGuest(c *vfio.Context, name string, at cursor) {
	if vm := r.guest(name, at); vm != nil {
		c.VMs = append(c.VMs, *vm)
	}
}

// Declared reports whether any host has an option of that name, or a set of
// options.
func Declared(m *repo.Model, path []string) bool {
	return slices.ContainsFunc(m.Hosts, func(h *repo.Host) bool {
		return h.System.Config.IsOpen(path...) || len(h.System.Config.Declared(path...)) > 0
	})
}

// guests reads an option that holds guests.
func (r *reader) guests(c *vfio.Context, path []string) {
	set, ok := r.entry.config.Value(path...).(*eval.Attrs)
	if !ok {
		c.VMsComplete = false
		return
	}
	c.VMsComplete = c.VMsComplete && set.Rest == nil
	// As they are written: of two that do not go together the second is at fault.
	entries := slices.Clone(set.Entries)
	slices.SortStableFunc(entries, func(a, b eval.Attr) int {
		if !a.At.IsValid() || !b.At.IsValid() || a.At.File != b.At.File {
			return 0
		}
		return cmp.Compare(a.At.Span().Start, b.At.Span().Start)
	})
	for _, a := range entries {
		r.addGuest(c, a.Name, cursor{r: r, v: r.ev.Force(a.Value), t: a.Value, at: a.At})
	}
}
