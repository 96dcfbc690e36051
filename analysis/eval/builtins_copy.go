package eval

import (
	"maps"
	"slices"
)

// copyBuiltins copy files to the store. A copy is taken for the original: it has
// the same files.
var copyBuiltins = map[string]builtin{
	"path": {1, copyPath},
	"filterSource": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
		p, fail := ev.WantPath(a[1], at)
		if fail != nil {
			return fail
		}
		return ev.copyFiltered(p, a[0], at)
	}},
}

func copyPath(ev *Evaluator, a []*Thunk, at Place) Value {
	set, fail := ev.WantAttrs(a[0], at)
	if fail != nil {
		return fail
	}
	for _, e := range set.Entries {
		switch e.Name {
		case "path", "name", "filter", "recursive", "sha256":
		default:
			return Errorf(at, "builtins.path takes no argument `%s`", e.Name)
		}
	}
	from := set.Get("path")
	if from == nil {
		if set.Rest != nil {
			return set.Rest.Derive()
		}
		return Errorf(at, "builtins.path needs the argument `path`")
	}
	p, fail := ev.WantPath(from.Value, at)
	if fail != nil {
		return fail
	}
	if filter := set.Get("filter"); filter != nil {
		return ev.copyFiltered(p, filter.Value, at)
	}
	return String(p)
}

// copyFiltered is a copy of what a filter lets through: a function of a path
// and its kind. A copy that lacks some files is unknown.
func (ev *Evaluator) copyFiltered(p string, filter *Thunk, at Place) Value {
	fn, fail := ev.WantFunction(filter, at)
	if fail != nil {
		return fail
	}
	if !ev.source.Allowed(p) {
		return outside(p)
	}
	all := true
	if ev.source.Kind(p) == "directory" {
		if all, fail = ev.filterFolder(p, fn, at); fail != nil {
			return fail
		}
	}
	if all {
		return String(p)
	}
	u := NewUnknown("the files are copied through a filter")
	u.Maybe = []*Thunk{Done(String(p))}
	return u
}

// filterFolder calls a filter for what is in a folder, and in those folders
// that it lets through. all is set if nothing is left out.
func (ev *Evaluator) filterFolder(dir string, filter Value, at Place) (all bool, fail Value) {
	entries, err := ev.source.ReadDir(dir)
	if err != nil {
		return false, nil
	}
	all = true
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		if u := ev.step(); u != nil {
			return false, u
		}
		p := cleanPath(dir, name)
		v := ev.Apply(filter, at, Done(String(p)), Done(String(entries[name])))
		passes, fail := truth(v, at)
		if err, ok := fail.(*Error); ok {
			return false, err
		}
		all = all && passes
		if passes && entries[name] == "directory" {
			below, fail := ev.filterFolder(p, filter, at)
			if fail != nil {
				return false, fail
			}
			all = all && below
		}
	}
	return all, nil
}
