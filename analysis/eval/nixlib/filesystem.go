package nixlib

import (
	"path"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

var filesystem = area{
	builtins: []string{"baseNameOf", "dirOf", "hashFile", "isPath", "readDir", "readFileType"},
	functions: map[string]function{
		"pathType": alias("readFileType", 1, func(a []*eval.Thunk) []*eval.Thunk { return a }),
		"pathIsDirectory": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return hasType(ev, a[0], "directory", at)
		}},
		"pathIsRegularFile": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return hasType(ev, a[0], "regular", at)
		}},
		"listFilesRecursive": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			var b eval.ListBuilder
			if fail := listFiles(ev, a[0], at, &b); fail != nil {
				return fail
			}
			return b.List()
		}},
		"haskellPathsInDir": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			s, fail := ev.WantAttrs(eval.Done(ev.Builtin("readDir", at, a[0])), at)
			if fail != nil {
				return fail
			}
			out := &eval.Attrs{}
			for _, e := range s.Entries {
				dir := inFolder(ev, a[0], e.Name, at)
				file := eval.Done(inFolder(ev, eval.Done(dir), e.Name+".cabal", at))
				if ev.Builtin("pathExists", at, file) == eval.Value(eval.Bool(true)) {
					out.Entries = append(out.Entries, attr(e.Name, dir))
				}
			}
			return out
		}},
		"locateDominatingFile": {2, locateDominatingFile},
		"resolveDefaultNix": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			slash := eval.Later(func(ev *eval.Evaluator) eval.Value {
				if s, ok := ev.Force(a[0]).(eval.String); ok && strings.HasSuffix(string(s), "/") {
					return s + "default.nix"
				}
				return ev.Force(a[0])
			})
			folder := eval.Later(func(ev *eval.Evaluator) eval.Value { return inFolder(ev, a[0], "default.nix", at) })
			return cond(ev, eval.Done(hasType(ev, a[0], "directory", at)), at, folder, slash)
		}},
	},
	hidden: []string{"listFilesRecursive", "haskellPathsInDir", "locateDominatingFile", "resolveDefaultNix"},
}

// hasType reports whether there is a file of some type at a path.
func hasType(ev *eval.Evaluator, p *eval.Thunk, kind string, at eval.Place) eval.Value {
	is := eval.Later(func(ev *eval.Evaluator) eval.Value {
		return ev.Equal(ev.Builtin("readFileType", at, p), eval.String(kind))
	})
	return cond(ev, eval.Done(ev.Builtin("pathExists", at, p)), at, is, no)
}

// inFolder is `dir + "/name"`.
func inFolder(ev *eval.Evaluator, dir *eval.Thunk, name string, at eval.Place) eval.Value {
	return ev.Plus(ev.Force(dir), eval.String("/"+name), at, at)
}

// listFiles adds the files below a folder.
func listFiles(ev *eval.Evaluator, dir *eval.Thunk, at eval.Place, b *eval.ListBuilder) eval.Value {
	s, fail := ev.WantAttrs(eval.Done(ev.Builtin("readDir", at, dir)), at)
	if u, ok := fail.(*eval.Unknown); ok {
		b.Perhaps(u)
		return nil
	}
	if fail != nil {
		return fail
	}
	for _, e := range s.Entries {
		p := eval.LaterAt(dir, func(ev *eval.Evaluator) eval.Value { return inFolder(ev, dir, e.Name, at) })
		if ev.Force(e.Value) != eval.Value(eval.String("directory")) {
			b.Add(p)
			continue
		}
		if fail := ev.Nested(func() eval.Value { return listFiles(ev, p, at, b) }); fail != nil {
			return fail
		}
	}
	return nil
}

// locateDominatingFile looks for a file whose name matches a pattern, in the
// folder of a file and those around it.
func locateDominatingFile(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	p, fail := ev.WantPath(a[1], at)
	if fail != nil {
		return fail
	}
	if hasType(ev, a[1], "directory", at) != eval.Value(eval.Bool(true)) {
		p = path.Dir(p)
	}
	for {
		result := ev.Builtin("readDir", at, eval.Done(eval.Path(p)))
		entries, ok := result.(*eval.Attrs)
		if !ok {
			return result
		}
		var matches []eval.Value
		for _, name := range entries.Names() {
			switch m := ev.Builtin("match", at, a[0], eval.Done(eval.String(name))).(type) {
			case eval.Null:
			case *eval.List:
				matches = append(matches, m)
			default:
				return m
			}
		}
		if len(matches) > 0 {
			return set(attr("matches", eval.NewList(matches...)), attr("path", eval.Path(p)))
		}
		if p == "/" {
			return eval.Null{}
		}
		p = path.Dir(p)
	}
}
