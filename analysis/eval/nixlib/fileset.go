package nixlib

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

// fileset is the area of sets of files.
var fileset = area{
	apart:  true,
	values: map[string]eval.Value{"empty": files{}.value()},
	functions: map[string]function{
		"isFileset": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			switch _, fail := filesOf(ev, a[0], at); fail := fail.(type) {
			case nil:
				return eval.Bool(true)
			case *eval.Unknown:
				return fail
			}
			if err, ok := ev.Force(a[0]).(*eval.Error); ok {
				return err
			}
			return eval.Bool(false)
		}},
		"toList": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			f, fail := filesOf(ev, a[0], at)
			if fail != nil {
				return fail
			}
			return f.list()
		}},
		"maybeMissing": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			if fail := wantPathValue(ev, a[0], at); fail != nil {
				return fail
			}
			there := eval.Done(ev.Builtin("pathExists", at, a[0]))
			return cond(ev, there, at, eval.Later(func(ev *eval.Evaluator) eval.Value { return filesetOf(ev, a[0], at) }), eval.Done(files{}.value()))
		}},
		"union": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return unions(ev, eval.Done(list(a...)), at)
		}},
		"unions": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value { return unions(ev, a[0], at) }},
		"intersection": filesetOperation(func(x, y files, in map[string]bool) files {
			base := longerOf(x.base, y.base)
			return files{slices.DeleteFunc(slices.Clone(x.paths), func(p string) bool { return !in[p] }), base, eval.Either(x.more, y.more)}
		}),
		"difference": filesetOperation(func(x, y files, in map[string]bool) files {
			return files{slices.DeleteFunc(slices.Clone(x.paths), func(p string) bool { return in[p] }), x.base, eval.Either(x.more, y.more)}
		}),
		"fileFilter": {2, fileFilter},
		"fromSource": {1, fromSource},
		"toSource":   {1, toSource},
		"trace": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			if _, fail := filesOf(ev, a[0], at); fail != nil {
				return fail
			}
			return ev.Force(a[1])
		}},
		"traceVal": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			if _, fail := filesOf(ev, a[0], at); fail != nil {
				return fail
			}
			return ev.Force(a[0])
		}},
	},
}

// files is a set of files below a folder.
type files struct {
	paths []string // in the order of their folders and names
	base  string   // the folder; empty if there is none
	more  *eval.Unknown
}

// The attributes of a value that stands for a set of files.
const (
	filesetPaths = "_internalPaths"
	filesetBase  = "_internalBase"
)

// list is the list of the files.
func (f files) list() *eval.List {
	values := make([]eval.Value, len(f.paths))
	for i, p := range f.paths {
		values[i] = eval.Path(p)
	}
	l := eval.NewList(values...)
	l.More = f.more
	return l
}

func (f files) value() eval.Value {
	return eval.NewAttrs(map[string]eval.Value{
		"_type": eval.String("fileset"), filesetBase: eval.Path(f.base), filesetPaths: f.list(),
	})
}

// comparePaths orders paths by folder, as if walking through them.
func comparePaths(a, b string) int {
	return slices.Compare(strings.Split(a, "/"), strings.Split(b, "/"))
}

// longerOf returns the inner one of two folders, one of which is in the other.
func longerOf(a, b string) string {
	if len(a) > len(b) {
		return a
	}
	return b
}

// isBelow reports whether a path is a folder or below it.
func isBelow(p, dir string) bool {
	return p == dir || dir == "/" || strings.HasPrefix(p, dir+"/")
}

// wantPathValue forces an argument that must be a path, not a string.
func wantPathValue(ev *eval.Evaluator, t *eval.Thunk, at eval.Place) eval.Value {
	switch v := ev.Force(t).(type) {
	case eval.Path:
		return nil
	case *eval.Text:
		if v.IsPath {
			return v.Derive()
		}
		return eval.Mismatch("a path", v, at)
	default:
		return eval.Mismatch("a path", v, at)
	}
}

// filesOf returns the files of a set, or at and below a path.
func filesOf(ev *eval.Evaluator, t *eval.Thunk, at eval.Place) (files, eval.Value) {
	a, ok := ev.Force(t).(*eval.Attrs)
	if !ok {
		return walkFiles(ev, t, at, nil)
	}
	if a.Get(filesetPaths) == nil {
		return files{}, eval.Mismatch("a file set or a path", a, at)
	}
	var f files
	l, fail := ev.WantList(a.Get(filesetPaths).Value, at)
	if fail != nil {
		return files{}, fail
	}
	f.more = l.More
	for _, e := range l.Elems {
		p, _ := ev.Force(e).(eval.Path)
		f.paths = append(f.paths, string(p))
	}
	base, _ := ev.Select(a, filesetBase, at).(eval.Path)
	f.base = string(base)
	return f, nil
}

func filesetOf(ev *eval.Evaluator, t *eval.Thunk, at eval.Place) eval.Value {
	f, fail := filesOf(ev, t, at)
	if fail != nil {
		return fail
	}
	return f.value()
}

// walkFiles returns the files at and below a path that a predicate lets
// through, which is asked for folders too. A nil predicate lets all through.
func walkFiles(ev *eval.Evaluator, t *eval.Thunk, at eval.Place, passes func(p, kind string) eval.Value) (files, eval.Value) {
	if fail := wantPathValue(ev, t, at); fail != nil {
		return files{}, fail
	}
	root := string(ev.Force(t).(eval.Path))
	kind, fail := ev.WantString(eval.Done(ev.Builtin("readFileType", at, t)), at)
	if fail != nil {
		return files{}, fail
	}
	f := files{base: root}
	if kind != "directory" {
		f.base = path.Dir(root)
		return f, f.add(ev, root, kind, at, passes)
	}
	return f, f.addFolder(ev, root, at, passes)
}

// add adds a file, or what is in a folder, if it passes.
func (f *files) add(ev *eval.Evaluator, p, kind string, at eval.Place, passes func(p, kind string) eval.Value) eval.Value {
	if passes != nil {
		holds, fail := ev.WantBool(eval.Done(passes(p, kind)), at)
		if u, ok := fail.(*eval.Unknown); ok {
			f.more = eval.Either(f.more, u)
			return nil
		}
		if fail != nil || !holds {
			return fail
		}
	}
	if kind == "directory" {
		return f.addFolder(ev, p, at, passes)
	}
	f.paths = append(f.paths, p)
	return nil
}

func (f *files) addFolder(ev *eval.Evaluator, dir string, at eval.Place, passes func(p, kind string) eval.Value) eval.Value {
	entries, fail := ev.WantAttrs(eval.Done(ev.Builtin("readDir", at, eval.Done(eval.Path(dir)))), at)
	if fail != nil {
		return fail
	}
	for _, e := range entries.Entries {
		kind, _ := ev.Force(e.Value).(eval.String)
		fail := ev.Nested(func() eval.Value { return f.add(ev, path.Join(dir, e.Name), string(kind), at, passes) })
		if fail != nil {
			return fail
		}
	}
	return nil
}

// unions is all files of several sets.
func unions(ev *eval.Evaluator, sets *eval.Thunk, at eval.Place) eval.Value {
	l, fail := ev.WantList(sets, at)
	if fail != nil {
		return fail
	}
	all := files{more: l.More}
	for _, e := range l.Elems {
		f, fail := filesOf(ev, e, at)
		if u, ok := fail.(*eval.Unknown); ok {
			all.more = eval.Either(all.more, u)
			continue
		}
		if fail != nil {
			return fail
		}
		all.paths = append(all.paths, f.paths...)
		all.more = eval.Either(all.more, f.more)
		for all.base != "" && f.base != "" && !isBelow(f.base, all.base) {
			all.base = path.Dir(all.base)
		}
		if all.base == "" {
			all.base = f.base
		}
	}
	slices.SortFunc(all.paths, comparePaths)
	all.paths = slices.Compact(all.paths)
	return all.value()
}

// filesetOperation makes a function of two sets; in holds the files of the
// second. What is not known of either makes what is in the result uncertain.
func filesetOperation(f func(x, y files, in map[string]bool) files) function {
	return function{2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		x, fail := filesOf(ev, a[0], at)
		if fail != nil {
			return fail
		}
		y, fail := filesOf(ev, a[1], at)
		if fail != nil {
			return fail
		}
		in := make(map[string]bool, len(y.paths))
		for _, p := range y.paths {
			in[p] = true
		}
		out := f(x, y, in)
		if y.more != nil {
			out.paths = nil // each may be in y or not
		}
		return out.value()
	}}
}

// fileFilter is the files at and below a path for which a predicate holds.
func fileFilter(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	if _, fail := ev.WantFunction(a[0], at); fail != nil {
		return fail
	}
	f, fail := walkFiles(ev, a[1], at, func(p, kind string) eval.Value {
		if kind == "directory" {
			return eval.Bool(true)
		}
		name := path.Base(p)
		hasExt := &eval.Native{Name: "lib.fileset.fileFilter", Arity: 1, Call: func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
			return onExt(ev, b[0], name, at)
		}}
		return call(ev, a[0], at, eval.Done(eval.NewAttrs(map[string]eval.Value{
			"name": eval.String(name), "type": eval.String(kind), "hasExt": hasExt,
		})))
	})
	if fail != nil {
		return fail
	}
	return f.value()
}

// onExt reports whether a name has an extension.
func onExt(ev *eval.Evaluator, ext *eval.Thunk, name string, at eval.Place) eval.Value {
	e, fail := ev.WantString(ext, at)
	if fail != nil {
		return fail
	}
	return eval.Bool(strings.HasSuffix(name, "."+e))
}

// fromSource is the files that a source made by cleanSource and its like has.
func fromSource(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	s, ok := ev.Force(a[0]).(*eval.Attrs)
	if !ok || s.Get("_isLibCleanSourceWith") == nil {
		return filesetOf(ev, a[0], at)
	}
	filter := eval.Done(ev.Select(s, "filter", at))
	f, fail := walkFiles(ev, eval.Done(ev.Select(s, "origSrc", at)), at, func(p, kind string) eval.Value {
		return call(ev, filter, at, eval.Done(eval.String(p)), eval.Done(eval.String(kind)))
	})
	if fail != nil {
		return fail
	}
	return f.value()
}

// toSource is a copy of a folder that has the files of a set only.
func toSource(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	s, fail := settingsOf(ev, a[0], at, "root", "fileset")
	if fail != nil {
		return fail
	}
	root := eval.Done(ev.Select(s.set, "root", at))
	if fail := wantPathValue(ev, root, at); fail != nil {
		return fail
	}
	dir := string(ev.Force(root).(eval.Path))
	kind, fail := ev.WantString(eval.Done(ev.Builtin("readFileType", at, root)), at)
	if fail != nil {
		return fail
	}
	if kind != "directory" {
		return eval.Errorf(at, "`%s` is no folder: the root of a source must be one", dir)
	}
	f, fail := filesOf(ev, eval.Done(ev.Select(s.set, "fileset", at)), at)
	if fail != nil {
		return fail
	}
	if f.base != "" && !isBelow(f.base, dir) {
		return eval.Errorf(at, "the file set has files in `%s`, which is not in the root `%s`", f.base, dir)
	}
	in := make(map[string]bool)
	for _, p := range f.paths {
		for ; !in[p] && p != dir; p = path.Dir(p) {
			in[p] = true
		}
	}
	filter := native("lib.fileset.toSource", 2, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
		p, fail := ev.WantText(b[0], at)
		switch {
		case fail != nil:
			return fail
		case !in[p] && f.more != nil:
			return f.more.Derive()
		}
		return eval.Bool(in[p])
	})
	return cleanSource(ev, root, filter, null, at)
}
