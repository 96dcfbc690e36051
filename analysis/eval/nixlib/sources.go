package nixlib

import (
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/analysis/eval"
)

// sources is the area of functions that copy folders through filters.
var sources = area{
	builtins: []string{"filterSource"},
	functions: map[string]function{
		"cleanSourceFilter": {2, cleanSourceFilter},
		"cleanSource": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			return cleanSource(ev, a[0], native("lib.cleanSourceFilter", 2, cleanSourceFilter), null, at)
		}},
		"cleanSourceWith": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			s, fail := settingsOf(ev, a[0], at, "src", "filter", "name")
			if fail != nil {
				return fail
			}
			all := native("lib.cleanSourceWith", 2, func(*eval.Evaluator, []*eval.Thunk, eval.Place) eval.Value { return eval.Bool(true) })
			src := eval.Done(ev.Select(s.set, "src", at))
			return cleanSource(ev, src, s.get(ev, "filter", all), s.get(ev, "name", null), at)
		}},
		"sourceByRegex": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			orig := attrOr(ev, ev.Force(a[0]), "origSrc", a[0])
			filter := native("lib.sourceByRegex", 2, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
				root, fail := ev.WantPath(orig, at)
				if fail != nil {
					return fail
				}
				file, fail := ev.WantText(b[0], at)
				if fail != nil {
					return fail
				}
				rel := eval.Done(eval.String(strings.TrimPrefix(file, root+"/")))
				return ev.Builtin("any", at, native("lib.sourceByRegex", 1, func(ev *eval.Evaluator, re []*eval.Thunk, _ eval.Place) eval.Value {
					return not(ev.Equal(ev.Builtin("match", at, re[0], rel), eval.Null{}))
				}), a[1])
			})
			return cleanSource(ev, a[0], filter, null, at)
		}},
		"sourceFilesBySuffices": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			filter := native("lib.sourceFilesBySuffices", 2, func(ev *eval.Evaluator, b []*eval.Thunk, _ eval.Place) eval.Value {
				if ev.Force(b[1]) == eval.Value(eval.String("directory")) {
					return eval.Bool(true)
				}
				base := eval.Done(ev.Builtin("baseNameOf", at, b[0]))
				return ev.Builtin("any", at, native("lib.sourceFilesBySuffices", 1, func(ev *eval.Evaluator, ext []*eval.Thunk, _ eval.Place) eval.Value {
					return affix(ev, []*eval.Thunk{ext[0], base}, at, hasSuffix)
				}), a[1])
			})
			return cleanSource(ev, a[0], filter, null, at)
		}},
	},
}

func cleanSourceFilter(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	name, fail := ev.WantText(a[0], at)
	if fail != nil {
		return fail
	}
	kind, fail := ev.WantString(a[1], at)
	if fail != nil {
		return fail
	}
	return eval.Bool(!isClutter(path.Base(name), kind))
}

var swapFile = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\..*)?\.sw[a-z]$`) })

// isClutter reports whether a file is one that version control, an editor, a
// compiler or nix-build leaves behind.
func isClutter(base, kind string) bool {
	switch base {
	case ".git":
		return true
	case ".svn", "CVS", ".hg", ".jj", ".pijul", "_darcs":
		if kind == "directory" {
			return true
		}
	}
	for _, suffix := range []string{"~", ".o", ".so"} {
		if strings.HasSuffix(base, suffix) {
			return true
		}
	}
	return swapFile().MatchString(base) || kind == "symlink" && strings.HasPrefix(base, "result") || kind == "unknown"
}

// cleanSource is a folder, or a source made of one, seen through a further
// filter. name is null for that of the source.
func cleanSource(ev *eval.Evaluator, src, filter, name *eval.Thunk, at eval.Place) eval.Value {
	orig, before, label := src, (*eval.Thunk)(nil), eval.Done(eval.String("source"))
	switch s := ev.Force(src).(type) {
	case *eval.Attrs:
		if s.Get("_isLibCleanSourceWith") != nil {
			part := func(name string) *eval.Thunk {
				return eval.LaterAt(src, func(ev *eval.Evaluator) eval.Value { return ev.Select(s, name, at) })
			}
			orig, before, label = part("origSrc"), part("filter"), part("name")
		}
	case *eval.Error:
		return s
	}
	both := native("lib.cleanSourceWith", 2, func(ev *eval.Evaluator, a []*eval.Thunk, _ eval.Place) eval.Value {
		result := eval.Done(call(ev, filter, at, a...))
		if before == nil {
			return ev.Force(result)
		}
		return cond(ev, result, at, eval.LaterCall(src, before, at, a...), no)
	})
	label = eval.Done(ifNull(ev, name, label, name))
	out := eval.Later(func(ev *eval.Evaluator) eval.Value {
		return ev.Builtin("path", at, eval.Done(set(
			eval.Attr{Name: "filter", Value: both}, eval.Attr{Name: "name", Value: label}, eval.Attr{Name: "path", Value: orig},
		)))
	})
	return set(
		attr("_isLibCleanSourceWith", eval.Bool(true)), eval.Attr{Name: "filter", Value: both}, eval.Attr{Name: "name", Value: label},
		eval.Attr{Name: "origSrc", Value: orig, At: src.At()}, eval.Attr{Name: "outPath", Value: out},
	)
}
