package eval

import (
	"path"
	"strings"
)

var fileBuiltins = map[string]builtin{
	"pathExists": {1, pathExists},
	"readFile": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
		text, fail := ev.readFile(a[0], at)
		switch {
		case fail != nil:
			return fail
		case strings.IndexByte(text, 0) >= 0:
			return Errorf(argAt(a[0], at), "the file has bytes that are zero, which no string can have")
		}
		return String(text)
	}},
	"readDir":      {1, readDir},
	"readFileType": {1, readFileType},
}

// existing returns the path an argument names, at which there must be
// something.
func (ev *Evaluator) existing(t *Thunk, at Place) (string, Value) {
	p, fail := ev.WantPath(t, at)
	switch u := fail.(type) {
	case nil:
	case *Unknown:
		return "", u.Derive()
	default:
		return "", fail
	}
	if !ev.source.Allowed(p) {
		return "", outside(p)
	}
	switch ev.source.Kind(p) {
	case "":
		return "", missingFile(p, argAt(t, at))
	case "symlink":
		return "", outside(p)
	}
	return p, nil
}

// readFile returns the bytes of the file that an argument names.
func (ev *Evaluator) readFile(t *Thunk, at Place) (string, Value) {
	p, fail := ev.existing(t, at)
	if fail != nil {
		return "", fail
	}
	if ev.source.Kind(p) == "directory" {
		return "", Errorf(argAt(t, at), "`%s` is a directory", p)
	}
	text, err := ev.source.ReadFile(p)
	if err != nil {
		return "", NewUnknown("`" + p + "` cannot be read")
	}
	if u := ev.Reserve(len(text)); u != nil {
		return "", u
	}
	return text, nil
}

func readDir(ev *Evaluator, a []*Thunk, at Place) Value {
	p, fail := ev.existing(a[0], at)
	if fail != nil {
		return fail
	}
	if ev.source.Kind(p) != "directory" {
		return Errorf(argAt(a[0], at), "`%s` is not a directory", p)
	}
	entries, err := ev.source.ReadDir(p)
	if err != nil {
		return NewUnknown("`" + p + "` cannot be read")
	}
	values := make(map[string]Value, len(entries))
	for name, kind := range entries {
		values[name] = String(kind)
	}
	return NewAttrs(values)
}

// pathExists looks for anything; a slash at the end of a string asks for a
// directory.
func pathExists(ev *Evaluator, a []*Thunk, at Place) Value {
	raw, fail := ev.wantRawPath(a[0], at)
	if fail != nil {
		if u, ok := fail.(*Unknown); ok {
			return u.Derive()
		}
		return fail
	}
	p := path.Clean(raw)
	if !ev.source.Allowed(p) {
		return outside(p)
	}
	if h, ok := ev.source.(Hider); ok && h.Hidden(p) {
		return Bool(false)
	}
	folder := isString(ev.Force(a[0])) && (strings.HasSuffix(raw, "/") || strings.HasSuffix(raw, "/."))
	kind := ev.source.Kind(p)
	switch {
	case !folder && ev.readLink(p) != "":
		return Bool(true) // be it a link that leads nowhere
	case kind == "symlink":
		return outside(p)
	case folder:
		return Bool(kind == "directory")
	}
	return Bool(kind != "")
}

// exists reports whether there is anything at a path, be it a link that leads
// nowhere.
func (ev *Evaluator) exists(p string) bool { return ev.source.Kind(p) != "" || ev.readLink(p) != "" }

func readFileType(ev *Evaluator, a []*Thunk, at Place) Value {
	p, fail := ev.WantPath(a[0], at)
	if fail != nil {
		return fail
	}
	switch {
	case !ev.source.Allowed(p):
		return outside(p)
	case ev.readLink(p) != "":
		return String("symlink")
	}
	switch kind := ev.source.Kind(p); kind {
	case "":
		return missingFile(p, argAt(a[0], at))
	case "symlink":
		return outside(p)
	default:
		return String(kind)
	}
}

var importBuiltins = map[string]builtin{
	"import": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
		p, fail := ev.WantPath(a[0], at)
		if u, unknown := fail.(*Unknown); unknown && ev.assumedUnknown != nil {
			if v := ev.assumedUnknown(u); v != nil {
				return v
			}
		}
		if fail != nil {
			return fail
		}
		return ev.Import(p, argAt(a[0], at))
	}},
	"scopedImport": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
		set, fail := ev.WantAttrs(a[0], at)
		if fail != nil {
			return fail
		}
		p, fail := ev.WantPath(a[1], at)
		if fail != nil {
			return fail
		}
		f, fail := ev.open(p, argAt(a[1], at))
		if fail != nil {
			return fail
		}
		// The attributes are variables around the whole file.
		s := &scope{names: set.Names()}
		e := &env{slots: make([]*Thunk, len(set.Entries))}
		for i, x := range set.Entries {
			e.slots[i] = x.Value
		}
		return ev.Force(&Thunk{expr: &expr{file: f, node: f.Tree.Expr().ID(), scope: s}, env: e})
	}},
	"findFile": {2, findFile},
}

// findFile looks a search path up. Entries that are not known may hold what is
// sought, so what stands behind them is not looked at.
func findFile(ev *Evaluator, a []*Thunk, at Place) Value {
	l, fail := ev.WantList(a[0], at)
	if fail != nil {
		if u, ok := fail.(*Unknown); ok {
			if name, ok := ev.Force(a[1]).(String); ok {
				return NewUnknown(u.Reason, "<"+string(name)+">")
			}
		}
		return fail
	}
	name, fail := ev.WantString(a[1], at)
	if fail != nil {
		return fail
	}
	for i, e := range l.Elems {
		if i >= l.lead() {
			break
		}
		prefix := ""
		v := ev.Force(e)
		if set, ok := v.(*Attrs); ok && set.Get("prefix") != nil {
			if prefix, fail = ev.WantString(set.Get("prefix").Value, at); fail != nil {
				return fail
			}
		}
		rest, ok := cutPrefixPath(name, prefix)
		if !ok {
			continue
		}
		dir, fail := ev.WantPath(Done(ev.Select(v, "path", argAt(e, at))), argAt(e, at))
		if fail != nil {
			return fail
		}
		p := path.Join(dir, rest)
		if !ev.source.Allowed(p) {
			return outside(p)
		}
		if ev.source.Kind(p) != "" {
			return Path(p)
		}
	}
	if l.More != nil {
		return NewUnknown(l.More.Reason, "<"+name+">")
	}
	return &Error{Kind: ErrorThrow, Message: "`<" + name + ">` is not in the search path", At: at}
}

// cutPrefixPath returns what follows a prefix of whole path elements.
func cutPrefixPath(name, prefix string) (rest string, ok bool) {
	if prefix == "" {
		return name, true
	}
	rest, ok = strings.CutPrefix(name, prefix)
	if !ok || rest != "" && rest[0] != '/' {
		return "", false
	}
	return strings.TrimPrefix(rest, "/"), true
}
