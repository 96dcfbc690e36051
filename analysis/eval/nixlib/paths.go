package nixlib

import (
	"path"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

// paths is the area path, none of which lib hands on.
var paths = area{
	functions: map[string]function{
		"append": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			sub, fail := subpath(ev, a[1], at)
			if fail != nil {
				return fail
			}
			return appendPath(ev, a[0], eval.String("/"+sub), at)
		}},
		"hasPrefix": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			_, inside, fail := below(ev, a, at)
			if fail != nil {
				return fail
			}
			return eval.Bool(inside)
		}},
		"removePrefix": {2, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			rest, inside, fail := below(ev, a, at)
			switch {
			case fail != nil:
				return fail
			case !inside:
				return &eval.Error{Kind: eval.ErrorThrow, Message: "the first path is not a folder around the second", At: at}
			}
			return eval.String("./" + rest)
		}},
		"splitRoot": {1, func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
			p, fail := wantPath(ev, a[0], at)
			if fail != nil {
				return fail
			}
			sub := strings.TrimPrefix(p, "/")
			if sub == "" {
				sub = "."
			}
			return set(attr("root", eval.Path("/")), attr("subpath", eval.String("./"+sub)))
		}},
	},
	values: map[string]eval.Value{"subpath": subpaths},
	hidden: []string{"append", "hasPrefix", "removePrefix", "splitRoot", "subpath"},
}

// subpaths are the functions about paths relative to some folder.
var subpaths = eval.NewAttrs(map[string]eval.Value{
	"isValid": &eval.Native{Name: "lib.path.subpath.isValid", Arity: 1, Call: func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		switch v := ev.Force(a[0]).(type) {
		case eval.String:
			return eval.Bool(isSubpath(string(v)))
		case *eval.Text:
			return v.Derive()
		case *eval.Unknown:
			return v.Derive()
		case *eval.Error:
			return v
		}
		return eval.Bool(false)
	}},
	"join": &eval.Native{Name: "lib.path.subpath.join", Arity: 1, Call: func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		l, fail := known(ev, a[0], at)
		if fail != nil {
			return fail
		}
		parts := make([]string, len(l))
		for i, e := range l {
			if parts[i], fail = subpath(ev, e, at); fail != nil {
				return fail
			}
		}
		return eval.String(normalSubpath(strings.Join(parts, "/")))
	}},
	"components": &eval.Native{Name: "lib.path.subpath.components", Arity: 1, Call: func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		s, fail := subpath(ev, a[0], at)
		if fail != nil {
			return fail
		}
		if s = path.Clean(s); s == "." {
			return &eval.List{}
		}
		return splitOf(s, "/")
	}},
	"normalise": &eval.Native{Name: "lib.path.subpath.normalise", Arity: 1, Call: func(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
		s, fail := subpath(ev, a[0], at)
		if fail != nil {
			return fail
		}
		return eval.String(normalSubpath(s))
	}},
})

// isSubpath reports whether a text is a relative path that does not leave its
// folder.
func isSubpath(s string) bool {
	return s != "" && s[0] != '/' && !strings.Contains("/"+s+"/", "/../")
}

func normalSubpath(s string) string {
	if s = path.Clean(s); s == "." {
		return "./."
	}
	return "./" + s
}

func subpath(ev *eval.Evaluator, t *eval.Thunk, at eval.Place) (string, eval.Value) {
	s, fail := ev.WantString(t, at)
	if fail == nil && !isSubpath(s) {
		fail = &eval.Error{Kind: eval.ErrorThrow, Message: "`" + s + "` is not a path inside of a folder", At: at}
	}
	return s, fail
}

// wantPath forces t to a path; a string will not do.
func wantPath(ev *eval.Evaluator, t *eval.Thunk, at eval.Place) (string, eval.Value) {
	switch v := ev.Force(t).(type) {
	case eval.Path:
		return string(v), nil
	case *eval.Text:
		if v.IsPath {
			return "", v.Derive()
		}
		return "", &eval.Error{Kind: eval.ErrorThrow, Message: "expected a path but found a string", At: at}
	case *eval.Unknown:
		return "", v.Derive()
	case *eval.Error:
		return "", v
	default:
		return "", &eval.Error{Kind: eval.ErrorThrow, Message: "expected a path but found " + eval.TypeName(v), At: at}
	}
}

func appendPath(ev *eval.Evaluator, base *eval.Thunk, s eval.Value, at eval.Place) eval.Value {
	switch v := ev.Force(base).(type) {
	case eval.Path, *eval.Text, *eval.Unknown:
		return ev.Plus(v, s, at, at)
	case *eval.Error:
		return v
	default:
		return &eval.Error{Kind: eval.ErrorThrow, Message: "expected a path but found " + eval.TypeName(v), At: at}
	}
}

// below returns the second path relative to the first if it lies inside.
func below(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) (rest string, inside bool, fail eval.Value) {
	dir, fail := wantPath(ev, a[0], at)
	if fail != nil {
		return "", false, fail
	}
	p, fail := wantPath(ev, a[1], at)
	if fail != nil {
		return "", false, fail
	}
	if p == dir {
		return ".", true, nil
	}
	rest, inside = strings.CutPrefix(p, strings.TrimSuffix(dir, "/")+"/")
	return rest, inside, nil
}
