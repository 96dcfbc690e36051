package rules

import (
	"path"
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// fact is something that the modules of an evaluation get told about their
// host: an argument, or an attribute of an argument that is a set.
type fact struct {
	path  string // as a module writes it: `meta.hostname`
	arg   string // the argument
	value eval.Value
	// from is the expression that gave it its value, such as the literal in the
	// call of a builder; it may be invalid.
	from eval.Place
}

// facts returns what an evaluation is told under one of the given names.
func (r *Repo) facts(e *repo.Evaluation, names ...string) (out []fact) {
	ev := e.Evaluator()
	add := func(path, arg string, a eval.Attr) {
		v := ev.Force(a.Value)
		out = append(out, fact{path, arg, v, a.Value.Origin().At()})
	}
	for _, a := range e.Args.Entries {
		if repo.IsCommonArgument(a.Name) {
			continue
		}
		if slices.Contains(names, a.Name) {
			add(a.Name, a.Name, a)
		}
		if set, ok := knownSet(ev, a.Value); ok {
			for _, inner := range set.Entries {
				if slices.Contains(names, inner.Name) {
					add(a.Name+"."+inner.Name, a.Name, inner)
				}
			}
		}
	}
	return out
}

// hostNames returns what a host is told to be called.
func (r *Repo) hostNames(h *repo.Host) (out []fact) {
	for _, f := range r.facts(h.System, "hostname", "hostName") {
		if _, ok := f.value.(eval.String); ok {
			out = append(out, f)
		}
	}
	return out
}

// hostUsers returns the accounts that a host is told to have. ok is false if it
// is not told, or not wholly known.
func (r *Repo) hostUsers(h *repo.Host) (users []string, ok bool) {
	for _, f := range r.facts(h.System, "users", "usernames") {
		list, isList := f.value.(*eval.List)
		if !isList || list.More != nil {
			continue
		}
		var names []string
		for _, t := range list.Elems {
			s, isString := h.Evaluator().Force(t).(eval.String)
			if !isString {
				break
			}
			names = append(names, string(s))
		}
		if len(names) == len(list.Elems) {
			users, ok = append(users, names...), true
		}
	}
	return users, ok
}

// isHostFolder reports whether an import of a host is that of the host's own
// folder: its last name is the host's.
func (r *Repo) isHostFolder(h *repo.Host, imp *repo.Import) bool {
	if imp.Path == "" || imp.Outside || !imp.Certain || path.Dir(imp.Path) == "." {
		return false
	}
	base := path.Base(imp.Path)
	return base == h.Name || slices.ContainsFunc(r.hostNames(h), func(f fact) bool { return f.value == eval.Value(eval.String(base)) })
}

// literalOf returns the string that is written for an attribute, if it is one
// without variables; what gives it priority is passed over, but for mkDefault.
func literalOf(at eval.Place) (node parser.Node, ok bool) {
	if !at.IsValid() {
		return parser.Node{}, false
	}
	n := valueOf(at)
	for n.IsValid() && n.Is(parser.KindApply) {
		a := parser.Apply{Node: n}
		switch symbol.LastName(a.Func()) {
		case "mkForce", "mkOverride", "mkIf":
			n = parser.Unparen(a.Arg(a.ArgCount() - 1))
		default:
			return parser.Node{}, false
		}
	}
	if !n.IsValid() || !n.Is(parser.KindString) {
		return parser.Node{}, false
	}
	_, ok = parser.String{Node: n}.Static()
	return n, ok
}
