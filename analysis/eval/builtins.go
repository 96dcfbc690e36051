package eval

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// initBuiltins makes the builtins and the global names.
func (ev *Evaluator) initBuiltins() {
	set := map[string]Value{
		"true": Bool(true), "false": Bool(false), "null": Null{},
		"langVersion": Int(6), "nixVersion": String("2.36.0"), "storeDir": String("/nix/store"),
	}
	for name, b := range natives {
		set[name] = &Native{Name: name, Arity: b.arity, Call: b.call}
	}
	for name, reason := range impure {
		set[name] = NewUnknown(reason, "builtins", name)
	}
	a := NewAttrs(set)
	self := Done(a)
	a.Entries = append(a.Entries, Attr{Name: "builtins", Value: self})
	a.sort()
	ev.builtins = a
	ev.globals = map[string]*Thunk{"builtins": self}
	for _, name := range globalNames {
		if b := a.Get(name); b != nil {
			ev.globals[name] = b.Value
		}
	}
}

// globalNames are the builtins that are in scope without `builtins.`.
var globalNames = []string{
	"abort", "baseNameOf", "break", "derivation", "derivationStrict", "dirOf", "false", "fetchGit",
	"fetchMercurial", "fetchTarball", "fetchTree", "fromTOML", "import", "isNull", "map", "null",
	"placeholder", "removeAttrs", "scopedImport", "throw", "toString", "true",
}

// impure holds the builtins whose results depend on more than the repository.
var impure = map[string]string{
	"currentSystem": "it depends on the machine that evaluates", "currentTime": "it depends on the time",
	"getEnv": "it depends on the environment", "fetchGit": "nothing is fetched", "fetchMercurial": "nothing is fetched",
	"fetchTarball": "nothing is fetched", "fetchTree": "nothing is fetched", "fetchurl": "nothing is fetched",
	"fetchClosure": "nothing is fetched", "getFlake": "nothing is fetched", "storePath": "the store is not looked at",
	"derivation": "nothing is built", "derivationStrict": "nothing is built", "nixPath": "search paths are not looked up",
	"findFile": "search paths are not looked up", "toFile": "nothing is written", "placeholder": "nothing is built",
	"exec": "nothing is run", "scopedImport": "it is not supported", "path": "nothing is copied", "filterSource": "nothing is copied",
	"fromTOML": "it is not supported", "fromJSON": "it is not supported", "toJSON": "it is not supported", "toXML": "it is not supported",
	"match": "it is not supported", "split": "it is not supported", "hashString": "it is not supported", "hashFile": "it is not supported",
	"tryEval": "it is not supported", "genericClosure": "it is not supported", "compareVersions": "it is not supported",
	"splitVersion": "it is not supported", "parseDrvName": "it is not supported",
}

type nativeFunc struct {
	arity int
	call  func(ev *Evaluator, args []*Thunk, at Place) Value
}

// The helpers below force an argument to a type. The second result is what the
// function has to return if the argument is not of it.

func (ev *Evaluator) wantList(t *Thunk, at Place) (*List, Value) {
	switch v := ev.Force(t).(type) {
	case *List:
		return v, nil
	case *Unknown:
		return nil, &Unknown{Reason: v.Reason, Maybe: v.Maybe}
	case *Error:
		return nil, v
	default:
		return nil, &Error{Kind: ErrorType, Message: "expected a list but found " + v.typeName(), At: at}
	}
}

func (ev *Evaluator) wantAttrs(t *Thunk, at Place) (*Attrs, Value) {
	switch v := ev.Force(t).(type) {
	case *Attrs:
		return v, nil
	case *Unknown:
		return nil, v
	case *Error:
		return nil, v
	default:
		return nil, &Error{Kind: ErrorType, Message: "expected a set but found " + v.typeName(), At: at}
	}
}

func (ev *Evaluator) wantString(t *Thunk, at Place) (string, Value) {
	switch v := ev.Force(t).(type) {
	case String:
		return string(v), nil
	case *Unknown:
		return "", &Unknown{Reason: v.Reason}
	case *Text:
		return "", &Unknown{Reason: "a part of the text is not known"}
	case *Error:
		return "", v
	case *Attrs:
		switch s := ev.Coerce(v, at).(type) {
		case String:
			return string(s), nil
		case *Text:
			return "", &Unknown{Reason: "a part of the text is not known"}
		default:
			return "", s
		}
	default:
		return "", &Error{Kind: ErrorType, Message: "expected a string but found " + v.typeName(), At: at}
	}
}

func (ev *Evaluator) wantInt(t *Thunk, at Place) (int, Value) {
	switch v := ev.Force(t).(type) {
	case Int:
		return int(v), nil
	case *Unknown:
		return 0, &Unknown{Reason: v.Reason}
	case *Error:
		return 0, v
	default:
		return 0, &Error{Kind: ErrorType, Message: "expected an integer but found " + v.typeName(), At: at}
	}
}

// wantPath gives the clean absolute path that a path or string names.
func (ev *Evaluator) wantPath(t *Thunk, at Place) (string, Value) {
	switch s := ev.Coerce(ev.Force(t), at).(type) {
	case String:
		if !strings.HasPrefix(string(s), "/") {
			return "", &Error{Kind: ErrorType, Message: "`" + string(s) + "` is no absolute path", At: at}
		}
		return path.Clean(string(s)), nil
	case *Text:
		return "", &Unknown{Reason: "a part of the path is not known"}
	default:
		return "", s
	}
}

func (ev *Evaluator) truth(v Value, at Place) (bool, Value) {
	b, known, out := ev.condition(v, at)
	if !known {
		return false, out
	}
	return b, nil
}

// typeTest makes a builtin that tests the type of its argument.
func typeTest(is func(Value) bool) nativeFunc {
	return nativeFunc{1, func(ev *Evaluator, args []*Thunk, _ Place) Value {
		switch v := ev.Force(args[0]).(type) {
		case *Unknown:
			return &Unknown{Reason: v.Reason}
		case *Error:
			return v
		default:
			return Bool(is(v))
		}
	}}
}

func isType[T Value](v Value) bool { _, ok := v.(T); return ok }

func isFunction(v Value) bool { return isType[*Lambda](v) || isType[*Native](v) }

func isString(v Value) bool {
	t, ok := v.(*Text)
	return isType[String](v) || ok && !t.IsPath
}

func isPath(v Value) bool {
	t, ok := v.(*Text)
	return isType[Path](v) || ok && t.IsPath
}

var natives map[string]nativeFunc

func init() {
	natives = map[string]nativeFunc{
		"isNull": typeTest(isType[Null]), "isBool": typeTest(isType[Bool]), "isInt": typeTest(isType[Int]),
		"isFloat": typeTest(isType[Float]), "isString": typeTest(isString), "isPath": typeTest(isPath),
		"isList": typeTest(isType[*List]), "isAttrs": typeTest(isType[*Attrs]), "isFunction": typeTest(isFunction),
		"typeOf": {1, typeOf},
		"import": {1, importFile},
		"throw":  {1, throw}, "abort": {1, throw},
		"toString":       {1, toString},
		"map":            {2, mapList},
		"filter":         {2, filter},
		"attrNames":      {1, attrNames},
		"attrValues":     {1, attrValues},
		"hasAttr":        {2, hasAttr},
		"getAttr":        {2, getAttr},
		"mapAttrs":       {2, mapAttrs},
		"removeAttrs":    {2, removeAttrs},
		"listToAttrs":    {1, listToAttrs},
		"intersectAttrs": {2, intersectAttrs},
		"catAttrs":       {2, catAttrs},
		"functionArgs":   {1, functionArgs},
		"head":           {1, head}, "tail": {1, tail}, "elemAt": {2, elemAt}, "length": {1, length},
		"elem":        {2, elem},
		"concatLists": {1, concatLists},
		"concatMap":   {2, concatMap},
		"genList":     {2, genList},
		"foldl'":      {3, foldl},
		"all":         {2, func(ev *Evaluator, a []*Thunk, at Place) Value { return quantify(ev, a, at, false) }},
		"any":         {2, func(ev *Evaluator, a []*Thunk, at Place) Value { return quantify(ev, a, at, true) }},
		"seq":         {2, seq}, "deepSeq": {2, seq}, "trace": {2, second}, "warn": {2, second}, "addErrorContext": {2, second},
		"baseNameOf": {1, baseNameOf}, "dirOf": {1, dirOfValue},
		"pathExists":                 {1, pathExists},
		"readFile":                   {1, readFile},
		"readDir":                    {1, readDir},
		"stringLength":               {1, stringLength},
		"substring":                  {3, substring},
		"replaceStrings":             {3, replaceStrings},
		"concatStringsSep":           {2, concatStringsSep},
		"unsafeDiscardStringContext": {1, func(ev *Evaluator, a []*Thunk, _ Place) Value { return ev.Force(a[0]) }},
		"add": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
			return ev.plus(ev.Force(a[0]), ev.Force(a[1]), at, at)
		}},
		"lessThan": {2, func(ev *Evaluator, a []*Thunk, at Place) Value { return ev.less(ev.Force(a[0]), ev.Force(a[1]), at) }},
	}
}

func typeOf(ev *Evaluator, args []*Thunk, _ Place) Value {
	switch v := ev.Force(args[0]).(type) {
	case *Unknown:
		return &Unknown{Reason: v.Reason}
	case *Error:
		return v
	case Null:
		return String("null")
	case Bool:
		return String("bool")
	case Int:
		return String("int")
	case Float:
		return String("float")
	case *List:
		return String("list")
	case *Attrs:
		return String("set")
	case *Lambda, *Native:
		return String("lambda")
	default:
		if isPath(v) {
			return String("path")
		}
		return String("string")
	}
}

func importFile(ev *Evaluator, args []*Thunk, at Place) Value {
	p, out := ev.wantPath(args[0], at)
	if out != nil {
		return out
	}
	return ev.Import(p, argAt(args[0], at))
}

// argAt returns the place of an argument, or that of the call if it has none.
func argAt(t *Thunk, call Place) Place {
	if t.At().IsValid() {
		return t.At()
	}
	return call
}

func throw(ev *Evaluator, args []*Thunk, at Place) Value {
	s, out := ev.wantString(args[0], at)
	if out != nil {
		if _, ok := out.(*Error); ok {
			return out
		}
		s = "with a message that is not known"
	}
	return &Error{Kind: ErrorThrow, Message: s, At: at}
}

func toString(ev *Evaluator, args []*Thunk, at Place) Value {
	switch v := ev.Force(args[0]).(type) {
	case Null:
		return String("")
	case Bool:
		if v {
			return String("1")
		}
		return String("")
	case Int:
		return String(strconv.FormatInt(int64(v), 10))
	case Float:
		return String(strconv.FormatFloat(float64(v), 'f', 6, 64))
	case *List:
		if v.More != nil {
			return &Unknown{Reason: v.More.Reason}
		}
		var b textBuilder
		for i, e := range v.Elems {
			if i > 0 {
				b.known(" ")
			}
			if err := b.add(toString(ev, []*Thunk{e}, at)); err != nil {
				return err
			}
		}
		return b.value()
	default:
		return ev.Coerce(v, at)
	}
}

// lazyCall returns a thunk of a function's result.
func lazyCall(fn Value, at Place, args ...*Thunk) *Thunk {
	return &Thunk{fn: func(ev *Evaluator) Value { return ev.Apply(fn, at, args...) }, at: at}
}

func mapList(ev *Evaluator, args []*Thunk, at Place) Value {
	l, out := ev.wantList(args[1], at)
	if out != nil {
		return out
	}
	res := &List{Elems: make([]*Thunk, len(l.Elems)), More: l.More}
	if len(l.Elems) > 0 {
		fn := ev.Force(args[0])
		for i, e := range l.Elems {
			t := lazyCall(fn, at, e)
			t.at = e.at
			res.Elems[i] = t
		}
	}
	return res
}

func filter(ev *Evaluator, args []*Thunk, at Place) Value {
	l, out := ev.wantList(args[1], at)
	if out != nil {
		return out
	}
	fn := ev.Force(args[0])
	res := &List{More: l.More}
	for _, e := range l.Elems {
		keep, out := ev.truth(ev.Call(fn, e, at), at)
		if u, ok := out.(*Unknown); ok {
			res.More = &Unknown{Reason: u.Reason, Maybe: []*Thunk{Done(&List{Elems: []*Thunk{e}})}}
			continue
		}
		if out != nil {
			return out
		}
		if keep {
			res.Elems = append(res.Elems, e)
		}
	}
	return res
}

func attrNames(ev *Evaluator, args []*Thunk, at Place) Value {
	a, out := ev.wantAttrs(args[0], at)
	if out != nil {
		return out
	}
	res := &List{More: a.Rest}
	for _, e := range a.Entries {
		res.Elems = append(res.Elems, Done(String(e.Name)))
	}
	return res
}

func attrValues(ev *Evaluator, args []*Thunk, at Place) Value {
	a, out := ev.wantAttrs(args[0], at)
	if out != nil {
		return out
	}
	res := &List{More: a.Rest}
	for _, e := range a.Entries {
		res.Elems = append(res.Elems, e.Value)
	}
	return res
}

func hasAttr(ev *Evaluator, args []*Thunk, at Place) Value {
	name, out := ev.wantString(args[0], at)
	if out != nil {
		return out
	}
	a, out := ev.wantAttrs(args[1], at)
	if out != nil {
		return out
	}
	if a.Get(name) == nil && a.Rest != nil {
		return &Unknown{Reason: a.Rest.Reason}
	}
	return Bool(a.Get(name) != nil)
}

func getAttr(ev *Evaluator, args []*Thunk, at Place) Value {
	name, out := ev.wantString(args[0], at)
	if out != nil {
		return out
	}
	return ev.Select(ev.Force(args[1]), name, at)
}

func mapAttrs(ev *Evaluator, args []*Thunk, at Place) Value {
	a, out := ev.wantAttrs(args[1], at)
	if out != nil {
		return out
	}
	res := &Attrs{Entries: make([]Attr, len(a.Entries)), Rest: a.Rest}
	fn := ev.Force(args[0])
	for i, e := range a.Entries {
		t := lazyCall(fn, at, Done(String(e.Name)), e.Value)
		t.at = e.Value.at
		res.Entries[i] = Attr{e.Name, t, e.At}
	}
	return res
}

func removeAttrs(ev *Evaluator, args []*Thunk, at Place) Value {
	a, out := ev.wantAttrs(args[0], at)
	if out != nil {
		return out
	}
	l, out := ev.wantList(args[1], at)
	if out != nil {
		return out
	}
	var names []string
	for _, e := range l.Elems {
		n, out := ev.wantString(e, at)
		if out != nil {
			return out
		}
		names = append(names, n)
	}
	res := &Attrs{Rest: a.Rest}
	if l.More != nil {
		res.Rest = l.More
	}
	for _, e := range a.Entries {
		if !slices.Contains(names, e.Name) {
			res.Entries = append(res.Entries, e)
		}
	}
	return res
}

func listToAttrs(ev *Evaluator, args []*Thunk, at Place) Value {
	l, out := ev.wantList(args[0], at)
	if out != nil {
		return out
	}
	res := &Attrs{Rest: l.More}
	for _, e := range l.Elems {
		pair, out := ev.wantAttrs(e, at)
		if out != nil {
			if u, ok := out.(*Unknown); ok {
				res.Rest = u
				continue
			}
			return out
		}
		name, out := ev.wantString(&Thunk{fn: func(ev *Evaluator) Value { return ev.Select(pair, "name", at) }}, at)
		if out != nil {
			if u, ok := out.(*Unknown); ok {
				res.Rest = u
				continue
			}
			return out
		}
		if slices.ContainsFunc(res.Entries, func(x Attr) bool { return x.Name == name }) {
			continue
		}
		v := pair.Get("value")
		if v == nil {
			return ev.Select(pair, "value", at)
		}
		res.Entries = append(res.Entries, Attr{name, v.Value, v.At})
	}
	res.sort()
	return res
}

func intersectAttrs(ev *Evaluator, args []*Thunk, at Place) Value {
	a, out := ev.wantAttrs(args[0], at)
	if out != nil {
		return out
	}
	b, out := ev.wantAttrs(args[1], at)
	if out != nil {
		return out
	}
	res := &Attrs{}
	if a.Rest != nil {
		res.Rest = a.Rest
	} else if b.Rest != nil {
		res.Rest = b.Rest
	}
	for _, e := range b.Entries {
		if a.Get(e.Name) != nil {
			res.Entries = append(res.Entries, e)
		}
	}
	return res
}

func catAttrs(ev *Evaluator, args []*Thunk, at Place) Value {
	name, out := ev.wantString(args[0], at)
	if out != nil {
		return out
	}
	l, out := ev.wantList(args[1], at)
	if out != nil {
		return out
	}
	res := &List{More: l.More}
	for _, e := range l.Elems {
		a, out := ev.wantAttrs(e, at)
		if u, ok := out.(*Unknown); ok {
			res.More = u
			continue
		}
		if out != nil {
			return out
		}
		if v := a.Get(name); v != nil {
			res.Elems = append(res.Elems, v.Value)
		}
	}
	return res
}

func functionArgs(ev *Evaluator, args []*Thunk, at Place) Value {
	switch f := ev.Force(args[0]).(type) {
	case *Lambda:
		res := &Attrs{}
		for _, x := range f.code.formals {
			res.Entries = append(res.Entries, Attr{x.name, Done(Bool(x.fallback != nil)), x.at})
		}
		res.sort()
		return res
	case *Native:
		return &Attrs{}
	case *Unknown:
		return &Unknown{Reason: f.Reason}
	case *Error:
		return f
	default:
		return &Error{Kind: ErrorType, Message: "expected a function but found " + f.typeName(), At: at}
	}
}

func head(ev *Evaluator, args []*Thunk, at Place) Value {
	return elemAt(ev, []*Thunk{args[0], Done(Int(0))}, at)
}

func tail(ev *Evaluator, args []*Thunk, at Place) Value {
	l, out := ev.wantList(args[0], at)
	if out != nil {
		return out
	}
	if l.More != nil {
		return &Unknown{Reason: l.More.Reason}
	}
	if len(l.Elems) == 0 {
		return &Error{Kind: ErrorOther, Message: "the list is empty", At: at}
	}
	return &List{Elems: l.Elems[1:]}
}

func elemAt(ev *Evaluator, args []*Thunk, at Place) Value {
	l, out := ev.wantList(args[0], at)
	if out != nil {
		return out
	}
	i, out := ev.wantInt(args[1], at)
	if out != nil {
		return out
	}
	if l.More != nil {
		return &Unknown{Reason: l.More.Reason}
	}
	if i < 0 || i >= len(l.Elems) {
		return &Error{Kind: ErrorOther, Message: "the list has no element " + strconv.Itoa(i), At: at}
	}
	return ev.Force(l.Elems[i])
}

func length(ev *Evaluator, args []*Thunk, at Place) Value {
	l, out := ev.wantList(args[0], at)
	if out != nil {
		return out
	}
	if l.More != nil {
		return &Unknown{Reason: l.More.Reason}
	}
	return Int(len(l.Elems))
}

func elem(ev *Evaluator, args []*Thunk, at Place) Value {
	l, out := ev.wantList(args[1], at)
	if out != nil {
		return out
	}
	x := ev.Force(args[0])
	var unknown Value
	for _, e := range l.Elems {
		switch eq := ev.Equal(x, ev.Force(e)).(type) {
		case Bool:
			if eq {
				return eq
			}
		case *Unknown:
			unknown = eq
		default:
			return eq
		}
	}
	if unknown != nil {
		return unknown
	}
	if l.More != nil {
		return &Unknown{Reason: l.More.Reason}
	}
	return Bool(false)
}

func concatLists(ev *Evaluator, args []*Thunk, at Place) Value {
	l, out := ev.wantList(args[0], at)
	if out != nil {
		return out
	}
	var res Value = &List{More: l.More}
	for _, e := range l.Elems {
		if res = concat(res, ev.Force(e), at); isType[*Error](res) {
			return res
		}
	}
	return res
}

func concatMap(ev *Evaluator, args []*Thunk, at Place) Value {
	l := mapList(ev, args, at)
	return concatLists(ev, []*Thunk{Done(l)}, at)
}

func genList(ev *Evaluator, args []*Thunk, at Place) Value {
	n, out := ev.wantInt(args[1], at)
	if out != nil {
		return out
	}
	if n < 0 || n > ev.limits.Steps {
		return NewUnknown("the list is too long")
	}
	fn := ev.Force(args[0])
	res := &List{Elems: make([]*Thunk, n)}
	for i := range n {
		res.Elems[i] = lazyCall(fn, at, Done(Int(i)))
	}
	return res
}

func foldl(ev *Evaluator, args []*Thunk, at Place) Value {
	l, out := ev.wantList(args[2], at)
	if out != nil {
		return out
	}
	if l.More != nil {
		return &Unknown{Reason: l.More.Reason}
	}
	fn := ev.Force(args[0])
	acc := ev.Force(args[1])
	for _, e := range l.Elems {
		acc = ev.Apply(fn, at, Done(acc), e)
	}
	return acc
}

// quantify is `any` if wanted is true, else `all`.
func quantify(ev *Evaluator, args []*Thunk, at Place, wanted bool) Value {
	l, out := ev.wantList(args[1], at)
	if out != nil {
		return out
	}
	fn := ev.Force(args[0])
	for _, e := range l.Elems {
		b, out := ev.truth(ev.Call(fn, e, at), at)
		if out != nil {
			return out
		}
		if b == wanted {
			return Bool(wanted)
		}
	}
	if l.More != nil {
		return &Unknown{Reason: l.More.Reason}
	}
	return Bool(!wanted)
}

func seq(ev *Evaluator, args []*Thunk, _ Place) Value {
	if err, ok := ev.Force(args[0]).(*Error); ok {
		return err
	}
	return ev.Force(args[1])
}

func second(ev *Evaluator, args []*Thunk, _ Place) Value { return ev.Force(args[1]) }

func baseNameOf(ev *Evaluator, args []*Thunk, at Place) Value {
	switch s := ev.Coerce(ev.Force(args[0]), at).(type) {
	case String:
		t := strings.TrimSuffix(string(s), "/")
		return String(t[strings.LastIndexByte(t, '/')+1:])
	case *Text:
		last := s.Segments[len(s.Segments)-1]
		if i := strings.LastIndexByte(last.Known, '/'); i >= 0 && i < len(last.Known)-1 {
			return String(last.Known[i+1:])
		}
		return &Unknown{Reason: "a part of the path is not known"}
	default:
		return s
	}
}

func dirOfValue(ev *Evaluator, args []*Thunk, at Place) Value {
	v := ev.Force(args[0])
	if p, ok := v.(Path); ok {
		return Path(path.Dir(string(p)))
	}
	s, out := ev.wantString(args[0], at)
	if out != nil {
		return out
	}
	return String(path.Dir(s))
}

func pathExists(ev *Evaluator, args []*Thunk, at Place) Value {
	p, out := ev.wantPath(args[0], at)
	if out != nil {
		return out
	}
	if !ev.source.Allowed(p) {
		return NewUnknown("`" + p + "` is outside of the repository")
	}
	return Bool(ev.source.Kind(p) != "")
}

func readFile(ev *Evaluator, args []*Thunk, at Place) Value {
	p, out := ev.wantPath(args[0], at)
	if out != nil {
		return out
	}
	if !ev.source.Allowed(p) {
		return NewUnknown("`" + p + "` is outside of the repository")
	}
	if ev.source.Kind(p) == "" {
		return &Error{Kind: ErrorMissingFile, Message: "path `" + p + "` does not exist", Attr: p, At: argAt(args[0], at)}
	}
	text, err := ev.source.ReadFile(p)
	if err != nil {
		return NewUnknown("`" + p + "` cannot be read")
	}
	return String(text)
}

func readDir(ev *Evaluator, args []*Thunk, at Place) Value {
	p, out := ev.wantPath(args[0], at)
	if out != nil {
		return out
	}
	if !ev.source.Allowed(p) {
		return NewUnknown("`" + p + "` is outside of the repository")
	}
	if ev.source.Kind(p) == "" {
		return &Error{Kind: ErrorMissingFile, Message: "path `" + p + "` does not exist", Attr: p, At: argAt(args[0], at)}
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

func stringLength(ev *Evaluator, args []*Thunk, at Place) Value {
	s, out := ev.wantString(args[0], at)
	if out != nil {
		return out
	}
	return Int(len(s))
}

func substring(ev *Evaluator, args []*Thunk, at Place) Value {
	start, out := ev.wantInt(args[0], at)
	if out != nil {
		return out
	}
	n, out := ev.wantInt(args[1], at)
	if out != nil {
		return out
	}
	s, out := ev.wantString(args[2], at)
	if out != nil {
		return out
	}
	if start < 0 {
		return &Error{Kind: ErrorOther, Message: "negative start position", At: at}
	}
	start = min(start, len(s))
	if n < 0 || n > len(s)-start {
		n = len(s) - start
	}
	return String(s[start : start+n])
}

func (ev *Evaluator) wantStrings(t *Thunk, at Place) ([]string, Value) {
	l, out := ev.wantList(t, at)
	if out != nil {
		return nil, out
	}
	if l.More != nil {
		return nil, &Unknown{Reason: l.More.Reason}
	}
	var ss []string
	for _, e := range l.Elems {
		s, out := ev.wantString(e, at)
		if out != nil {
			return nil, out
		}
		ss = append(ss, s)
	}
	return ss, nil
}

func replaceStrings(ev *Evaluator, args []*Thunk, at Place) Value {
	from, out := ev.wantStrings(args[0], at)
	if out != nil {
		return out
	}
	to, out := ev.wantStrings(args[1], at)
	if out != nil {
		return out
	}
	s, out := ev.wantString(args[2], at)
	if out != nil {
		return out
	}
	if len(from) != len(to) {
		return &Error{Kind: ErrorOther, Message: "the lists of replaceStrings differ in length", At: at}
	}
	var b strings.Builder
	for i := 0; i <= len(s); {
		found := false
		for j, f := range from {
			if strings.HasPrefix(s[i:], f) {
				b.WriteString(to[j])
				i += len(f)
				if found = f != ""; !found {
					break
				}
				break
			}
		}
		if found {
			continue
		}
		if i < len(s) {
			b.WriteByte(s[i])
		}
		i++
	}
	return String(b.String())
}

func concatStringsSep(ev *Evaluator, args []*Thunk, at Place) Value {
	sep, out := ev.wantString(args[0], at)
	if out != nil {
		return out
	}
	l, out := ev.wantList(args[1], at)
	if out != nil {
		return out
	}
	if l.More != nil {
		return &Unknown{Reason: l.More.Reason}
	}
	var b textBuilder
	for i, e := range l.Elems {
		if i > 0 {
			b.known(sep)
		}
		if err := b.add(ev.Coerce(ev.Force(e), at)); err != nil {
			return err
		}
	}
	return b.value()
}
