package repo

import (
	"path"
	"slices"
	"strings"
	"time"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/flake"
)

// inputs evaluates what the flake's outputs get: self and the inputs. An input
// whose source is at hand is a flake that is called with inputs of its own, as
// the lock file says; of others only what is locked is known. Nothing is
// evaluated before it is asked for.
type inputs struct {
	model    *Model
	lock     *flake.Lock // nil if there is none that can be read
	sources  flake.Sources
	byNode   map[*flake.Node]eval.Value
	declared map[string]*node // the flake's own inputs
	flake    *eval.Attrs      // the flake.nix; nil if there is none with outputs
	root     *eval.Attrs      // the argument of its outputs
	self     *eval.Attrs      // the same without self, as self.inputs has it
}

// node is a flake that gets inputs, or another source that is one.
type node struct {
	locked *flake.Node // nil if the lock file does not know it
	name   []string    // the way to it from the root
	url    string      // as its flake.nix has it; may be empty
	dir    string      // the folder of its source; empty if it is not at hand
	plain  bool        // the source is no flake
}

// newInputs reads the lock file that goes with a flake.nix.
func (m *Model) newInputs() *inputs {
	in := &inputs{model: m, byNode: make(map[*flake.Node]eval.Value), declared: make(map[string]*node)}
	in.sources = m.Repo.Sources()
	if text, err := m.seen.repo.Text("flake.lock"); err == nil {
		in.lock, _ = flake.ReadLock(text)
	}
	return in
}

// Sources says where on this machine the sources of the flake's inputs may lie.
func (r *Repo) Sources() flake.Sources {
	return flake.Sources{Root: r.Root, Inputs: r.options.Inputs, Store: r.options.Store}
}

// callRoot calls the outputs of the repository's own flake.
func (in *inputs) callRoot(set *eval.Attrs) eval.Value {
	in.flake = set
	n := &node{dir: cleanSlash(in.model.Repo.Root)}
	if in.lock != nil {
		n.locked = in.lock.Root
	}
	_, out := in.call(n, set)
	return out
}

// call calls the outputs of a flake and returns self, which is what other
// flakes get of it, and the outputs. Self can be used before they are known.
func (in *inputs) call(n *node, set *eval.Attrs) (self *eval.Attrs, out eval.Value) {
	ev := in.model.ev
	self = &eval.Attrs{}
	if n.locked != nil {
		in.byNode[n.locked] = self
	}
	args := in.arguments(n, set, self)
	others := args.Without("self")
	rest := eval.NewUnknown("the flake's own outputs are not wholly known here", n.path()...)
	if n.isRoot() {
		in.root, in.self = args, others
		rest.Path = []string{"self"}
	}
	info := in.sourceInfo(n)
	own := eval.Update(&eval.Attrs{Entries: info.Entries}, eval.NewAttrs(map[string]eval.Value{
		"outPath": eval.String(path.Join(n.dir, n.subdir())), "inputs": others, "sourceInfo": info, "_type": eval.String("flake"),
	}))
	*self = eval.Attrs{Entries: own.Entries, Rest: rest}
	fn := set.Get("outputs")
	out = ev.Call(ev.Force(fn.Value), eval.Done(args), fn.At)
	if o, ok := out.(*eval.Attrs); ok {
		// self is complete only now.
		known := o
		if !n.isRoot() {
			known = in.modelled(n, o)
		}
		*self = *eval.Update(&eval.Attrs{Entries: known.Entries}, put(own, map[string]eval.Value{"outputs": o}))
		if self.Rest = known.Rest; self.Rest == nil {
			self.Rest = info.Rest
		}
	}
	return self, out
}

// arguments makes the argument of a flake's outputs: self, what its inputs
// name, and what its formals name.
func (in *inputs) arguments(n *node, set, self *eval.Attrs) *eval.Attrs {
	ev := in.model.ev
	entries := []eval.Attr{{Name: "self", Value: eval.Done(self)}}
	if declared := set.Get("inputs"); declared != nil {
		if inputs, ok := ev.Force(declared.Value).(*eval.Attrs); ok {
			for _, d := range inputs.Entries {
				entries = append(entries, in.argument(n, d.Name, d.At, ev.Force(d.Value)))
			}
		}
	}
	// Inputs need not be declared: a formal of outputs is enough.
	if l, ok := ev.Force(set.Get("outputs").Value).(*eval.Lambda); ok {
		formals, _, _ := l.Formals()
		for _, f := range formals {
			entries = append(entries, in.argument(n, f.Name, f.At, nil))
		}
	}
	return eval.SetOf(entries...)
}

// argument is one input of a flake.
func (in *inputs) argument(of *node, name string, at eval.Place, declared eval.Value) eval.Attr {
	n := &node{name: append(slices.Clip(of.name), name)}
	if a, ok := declared.(*eval.Attrs); ok {
		ev := in.model.ev
		if u, ok := ev.Select(a, "url", eval.Place{}).(eval.String); ok {
			n.url = string(u)
		}
		n.plain = ev.Select(a, "flake", eval.Place{}) == eval.Value(eval.Bool(false))
	}
	if in.lock != nil && of.locked != nil {
		n.locked = in.lock.Input(of.locked, name)
	}
	if n.locked != nil {
		n.dir = in.sources.Dir(in.lock, n.locked)
		n.plain = !n.locked.IsFlake
	} else if len(n.name) == 1 {
		n.dir = in.sources.Named(name)
	}
	if of.isRoot() && in.declared[name] == nil {
		in.declared[name] = n
	}
	return eval.Attr{Name: name, At: at, Value: eval.Later(func(*eval.Evaluator) eval.Value { return in.value(n) })}
}

// value is what an input is; one that several flakes share is made once.
func (in *inputs) value(n *node) eval.Value {
	if v := in.byNode[n.locked]; v != nil && n.locked != nil {
		return v
	}
	v := in.atHand(n)
	if v == nil {
		const reason = "the input is not at hand"
		entries := append(in.inputsOf(n), in.sourceInfo(n).Entries...)
		// To have this tells a flake from a set that has inputs of inputs to look through.
		entries = append(entries, eval.Attr{Name: "outPath", Value: eval.Done(eval.NewUnknown(reason, append(n.path(), "outPath")...))})
		v = in.modelled(n, &eval.Attrs{Entries: eval.SetOf(entries...).Entries, Rest: eval.NewUnknown(reason, n.path()...)})
	}
	if n.locked != nil {
		in.byNode[n.locked] = v
	}
	return v
}

// inputsOf are the inputs of an input that is not at hand, as far as the lock file
// knows them.
func (in *inputs) inputsOf(n *node) []eval.Attr {
	if n.locked == nil || len(n.locked.Inputs) == 0 || n.plain {
		return nil
	}
	var entries []eval.Attr
	for name := range n.locked.Inputs {
		entries = append(entries, in.argument(n, name, eval.Place{}, nil))
	}
	return []eval.Attr{{Name: "inputs", Value: eval.Done(eval.SetOf(entries...))}}
}

// atHand evaluates an input whose source can be read, or returns nil.
func (in *inputs) atHand(n *node) eval.Value {
	m := in.model
	if n.dir == "" || m.seen.source.disk.Add(n.dir) != nil {
		return nil
	}
	if n.plain {
		info := in.sourceInfo(n)
		return put(info, map[string]eval.Value{"sourceInfo": info})
	}
	dir := path.Join(n.dir, n.subdir())
	if n.isNixpkgs() {
		in.assumeNixpkgs(n, dir)
	}
	set, ok := m.ev.Import(path.Join(dir, "flake.nix"), eval.Place{}).(*eval.Attrs)
	if !ok || set.Get("outputs") == nil {
		return nil
	}
	self, out := in.call(n, set)
	if _, ok := out.(*eval.Attrs); !ok {
		// What keeps it from being evaluated is more likely a limit of ours
		// than a mistake of theirs.
		return in.modelled(n, &eval.Attrs{Entries: self.Entries, Rest: eval.NewUnknown("the input cannot be evaluated", n.path()...)})
	}
	return self
}

// path is the name of the unknowns that stand for an input.
func (n *node) path() []string {
	out := make([]string, 0, 2*len(n.name))
	for _, name := range n.name {
		out = append(out, "inputs", name)
	}
	return out
}

// isRoot reports whether a node is the repository's own flake.
func (n *node) isRoot() bool { return len(n.name) == 0 }

func (n *node) subdir() string {
	if n.locked == nil {
		return ""
	}
	return n.locked.Subdir()
}

// sourceInfo is what is known of a source without its files. What it may hold
// beside that is in its rest.
func (in *inputs) sourceInfo(n *node) *eval.Attrs {
	known := make(map[string]eval.Value)
	if n.dir != "" {
		known["outPath"] = eval.String(n.dir)
	}
	if l := n.locked; l != nil && !n.isRoot() && !in.replaced(n) {
		if l.NarHash != "" {
			known["narHash"] = eval.String(l.NarHash)
		}
		if l.LastModified != 0 {
			known["lastModified"] = eval.Int(l.LastModified)
			known["lastModifiedDate"] = eval.String(time.Unix(l.LastModified, 0).UTC().Format("20060102150405"))
		}
		if rev := l.Locked["rev"]; len(rev) > 7 {
			known["rev"], known["shortRev"] = eval.String(rev), eval.String(rev[:7])
		}
		if l.RevCount != 0 {
			known["revCount"] = eval.Int(l.RevCount)
		}
	}
	perhaps := make(map[string]eval.Value)
	for _, name := range []string{"dirtyRev", "dirtyShortRev", "lastModified", "lastModifiedDate", "narHash", "rev", "revCount", "shortRev", "submodules"} {
		if known[name] == nil {
			perhaps[name] = eval.NewUnknown("it depends on how the source was fetched", append(n.path(), name)...)
		}
	}
	out := eval.NewAttrs(known)
	out.Rest = &eval.Unknown{Reason: "it depends on how the source was fetched", Maybe: []*eval.Thunk{eval.Done(eval.NewAttrs(perhaps))}, Closed: true}
	return out
}

// replaced reports whether another source is used than the one locked.
func (in *inputs) replaced(n *node) bool {
	for name := range in.sources.Inputs {
		if in.lock != nil && in.lock.Find(strings.Split(name, "/")...) == n.locked {
			return true
		}
	}
	return false
}

// NixpkgsDir returns the folder, absolute, of the source of the flake's input nixpkgs, or ""
// if it is not at hand.
func (r *Repo) NixpkgsDir() string {
	sources := r.Sources()
	if text, err := r.Text("flake.lock"); err == nil {
		if lock, err := flake.ReadLock(text); err == nil {
			if n := lock.Find("nixpkgs"); n != nil {
				return sources.Dir(lock, n)
			}
		}
	}
	return sources.Named("nixpkgs")
}
