package claims

import (
	"regexp"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/vfio"
)

var (
	// addressShape is what is meant to be an address, right or wrong.
	addressShape = regexp.MustCompile(`^(\w{1,8}:)?\w{1,2}:\w{1,2}\.\w{1,2}$`)
	// idShape is what is meant to be an id, right or wrong.
	idShape = regexp.MustCompile(`^(0x)?[0-9a-fA-F]{4}[:-](0x)?[0-9a-fA-F]{4}(:[0-9a-fA-F:]+)?$`)
	// hardwareWords are parts of the names of options that are about devices.
	hardwareWords = []string{"vfio", "pci", "gpu", "passthrough", "iommu"}
)

// ownOptions reads the options that the repository declares itself and that
// speak of devices, wherever they are.
func (r *reader) ownOptions(c *vfio.Context) {
	c.IDs.Complete, c.Addresses.Complete = r.entry.whole, r.entry.whole
	c.VMsComplete = r.entry.whole
	for _, o := range r.entry.config.Declared() {
		if !r.isOwn(o) {
			continue
		}
		path := o.Path[len(r.entry.config.Input.Prefix):]
		switch {
		case r.isGuests(o, path):
			r.guests(c, path)
		case speaksOf(path, hardwareWords) && !slices.Contains(path, "prime"):
			r.ownOption(c, o, path)
		}
	}
}

// isOwn reports whether the repository declares an option.
func (r *reader) isOwn(o *module.Option) bool {
	return slices.ContainsFunc(o.Declarations, func(d module.Declaration) bool { return r.at(d.At) != nil })
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
		case idShape.MatchString(f.Value) && !strings.Contains(last, "usb"):
			c.IDs.Facts = append(c.IDs.Facts, f)
		case addressShape.MatchString(f.Value):
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

// guests reads an option that holds guests.
func (r *reader) guests(c *vfio.Context, path []string) {
	set, ok := r.entry.config.Value(path...).(*eval.Attrs)
	if !ok {
		c.VMsComplete = false
		return
	}
	c.VMsComplete = c.VMsComplete && set.Rest == nil
	for _, a := range set.Entries {
		if vm := r.guest(a.Name, cursor{r: r, v: r.ev.Force(a.Value), t: a.Value, at: a.At}); vm != nil {
			c.VMs = append(c.VMs, *vm)
		}
	}
}
