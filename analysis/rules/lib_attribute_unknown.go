package rules

import (
	"fmt"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval/nixlib"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var libAttributeUnknown = &Rule{
	Name:     "lib-attribute-unknown",
	Group:    "names",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "`lib` has no attribute of that name",
	Why: `A misspelt function of nixpkgs' library, or type of an option, stops the evaluation as soon as it is used: "attribute missing". The
rule knows what the library of nixpkgs has and had since 22.05. A name that it has not is taken for a mistake if it is nearly
one of these, or nearly one of the repository's own library, and if nothing in the repository is called so: libraries are extended. In
` + "`lib.types`" + `, which seldom is, all other names are.

A default behind ` + "`or`" + `, and a test of the kind ` + "`lib ? name`" + ` in the same file, say that the name may be missing; then the rule is silent.`,
	Bad:   "{ config, lib, ... }:\n{\n  config = lib.mkIff config.services.nginx.enable { networking.firewall.allowedTCPPorts = [ 80 ]; };\n}\n",
	Good:  "{ config, lib, ... }:\n{\n  config = lib.mkIf config.services.nginx.enable { networking.firewall.allowedTCPPorts = [ 80 ]; };\n}\n",
	Fix:   SometimesFix,
	Ahead: strangeLibNames.look,
	Repo: func(r *Repo) {
		var found []libName
		for f := range r.Checked() {
			found = append(found, strangeLibNames.of(r, f)...)
		}
		if len(found) == 0 {
			return
		}
		own, isOwn := r.ownLibrary()
		// The whole repository is looked through only if anything is left to tell.
		told := make(map[string]bool) // by full name
		found = slices.DeleteFunc(found, func(n libName) bool {
			if isOwn[n.name] {
				return true
			}
			full := n.full()
			tell, known := told[full]
			if !known {
				_, tell = n.finding(own)
				told[full] = tell
			}
			return !tell
		})
		if len(found) == 0 {
			return
		}
		bound := r.bound(found)
		for _, n := range found {
			if !bound[n.name] && (!n.own || bound[n.foreign()]) {
				d, _ := n.finding(own)
				r.Report(d)
			}
		}
	},
}

// libName is a name that nixpkgs' library does not have.
type libName struct {
	file *repo.File
	node parser.Node
	in   []string // the set of the library, none for lib itself
	name string
	own  bool // the set is one that nixpkgs' library does not have either
}

// otherWords are what types are called elsewhere.
var otherWords = map[string]string{
	"boolean": "bool", "integer": "int", "string": "str", "text": "str", "list": "listOf", "array": "listOf", "set": "attrs",
	"object": "attrs", "dict": "attrsOf", "map": "attrsOf", "null": "nullOr", "optional": "nullOr", "any": "anything",
	"function": "functionTo", "derivation": "package", "double": "float", "file": "path",
}

// full is the name with where it should be.
func (n libName) full() string {
	return strings.Join(slices.Concat([]string{"lib"}, n.in, []string{n.name}), ".")
}

// foreign is the name of the first set on the way that nixpkgs' library does not have.
// Where the repository does not make it either, as with `lib.hm`, nobody knows what is in it.
func (n libName) foreign() string {
	for i, name := range n.in {
		if !nixlib.Has(name, n.in[:i]...) {
			return name
		}
	}
	return ""
}

// finding is what there is to tell, if the repository has the names own in its library.
func (n libName) finding(own []string) (d diagnostic.Diagnostic, told bool) {
	near := nearName(n.name, nixlib.Names(n.in...))
	if len(n.in) == 1 && n.in[0] == "types" {
		if word := otherWords[n.name]; word != "" {
			near = word
		} else if word := otherWords[near]; word != "" {
			near = word // of an old release
		}
	}
	d = diagnostic.Diagnostic{File: n.file.Path, Span: n.node.Span(), Message: fmt.Sprintf("there is no `%s`", n.full())}
	if near == "" && (n.own || len(n.in) == 0) {
		near = nearName(n.name, own)
	}
	if n.own {
		d.Severity = diagnostic.Warning
	}
	if near == "" {
		if len(n.in) == 0 || n.in[0] != "types" || n.own {
			return d, false
		}
		d.Severity = diagnostic.Warning
	} else {
		d.Help = fmt.Sprintf("did you mean `%s`?", near)
		if n.node.Is(parser.KindName) && !n.node.Parent().Is(parser.KindInherit) || n.node.Is(parser.KindIdent) {
			d.Fix = &diagnostic.Fix{
				Title: fmt.Sprintf("replace `%s` by `%s`", n.name, near),
				Edits: []diagnostic.Edit{{File: d.File, Span: d.Span, Text: near}},
			}
		}
	}
	return d, true
}

// nearName returns the name that another one is but for a slip: of one letter in a short
// one, two in a long one, and none in one of three letters or less.
func nearName(name string, names []string) string {
	const shortest, long = 4, 6
	if len(name) < shortest {
		return ""
	}
	near := repo.Nearest(name, names)
	limit := 1
	if len(name) >= long {
		limit = 2
	}
	if near == "" || repo.EditDistance(name, near) > limit && !strings.EqualFold(name, near) {
		return ""
	}
	return near
}

// ownLibrary returns the names that sets of the repository's own library define, in their
// order and as a set.
func (r *Repo) ownLibrary() (names []string, is map[string]bool) {
	is = make(map[string]bool)
	for p := range r.Paths() {
		if !isInLibrary(p) {
			continue
		}
		for name := range boundNames(r.File(p)) {
			if !is[name] {
				is[name] = true
				names = append(names, name)
			}
		}
	}
	return names, is
}

// isInLibrary reports whether a file is part of a library, by its path.
func isInLibrary(p string) bool {
	for part := range strings.SplitSeq(strings.TrimSuffix(p, path.Ext(p)), "/") {
		if part == "lib" || part == "libs" || part == "library" {
			return true
		}
	}
	return false
}

// bound returns which of the names, and of the sets they are missed in, sets in the
// repository define.
func (r *Repo) bound(found []libName) map[string]bool {
	out := make(map[string]bool)
	var left []string
	for _, n := range found {
		for _, name := range []string{n.name, n.foreign()} {
			if name != "" && !slices.Contains(left, name) {
				left = append(left, name)
			}
		}
	}
	for _, f := range r.All() {
		if len(left) == 0 {
			break
		}
		if !slices.ContainsFunc(left, func(name string) bool { return strings.Contains(f.Text, name) }) {
			continue
		}
		for name := range boundNames(f) {
			if i := slices.Index(left, name); i >= 0 {
				out[name] = true
				left = slices.Delete(left, i, i+1)
			}
		}
	}
	return out
}

// boundNames yields what the sets in a file define.
func boundNames(f *repo.File) iter.Seq[string] {
	return func(yield func(string) bool) {
		for id := range f.Tree.NodeCount() {
			var names iter.Seq[parser.Node]
			switch n := f.Tree.Node(parser.NodeID(id)); n.Kind() {
			case parser.KindBinding:
				names = (parser.Binding{Node: n}).Path().Children()
			case parser.KindInherit:
				in := parser.Inherit{Node: n}
				if from := in.From(); from.IsValid() && isLibText(from.Text()) {
					continue // what is taken out of it is not in it for that
				}
				names = in.Names()
			default:
				continue
			}
			for n := range names {
				if name, ok := parser.StaticName(n); ok && !yield(name) {
					return
				}
			}
		}
	}
}

// isLibText reports whether an expression is, in so many words, a library or a set in it.
func isLibText(text string) bool {
	return text == "lib" || strings.HasPrefix(text, "lib.") || strings.HasSuffix(text, ".lib") || text == "types"
}

// strangeLibNames returns the names that a file takes out of nixpkgs' library, and that it
// does not have.
var strangeLibNames = &perFile[[]libName]{func(r *Repo, f *repo.File) (out []libName) {
	if repo.IsExcused(f.Path) || f.Tree.HasSyntaxErrors() {
		return nil
	}
	l := libUses{names: r.Names(f)}
	add := func(node parser.Node, in []string, own bool) {
		name, ok := parser.StaticName(node)
		if node.Is(parser.KindIdent) {
			name, ok = node.Text(), true
		}
		if ok && !strings.HasPrefix(name, "_") && !r.mentionsPresence(f, name) {
			out = append(out, libName{f, node, in, name, own})
		}
	}
	for id := range f.Tree.NodeCount() {
		switch n := f.Tree.Node(parser.NodeID(id)); n.Kind() {
		case parser.KindSelect:
			s := parser.Select{Node: n}
			if in, ok := l.pathOf(s.Expr(), maxLibAliases); ok && !s.Default().IsValid() {
				l.selected(s.Path().Node, in, add)
			}
		case parser.KindInherit:
			in := parser.Inherit{Node: n}
			if !in.From().IsValid() {
				continue
			}
			set, ok := l.pathOf(in.From(), maxLibAliases)
			if !ok || len(nixlib.Names(set...)) == 0 {
				continue
			}
			for name := range in.Names() {
				d := l.names.DefinitionAt(name)
				if text, _ := parser.StaticName(name); !nixlib.Has(text, set...) && (d == scope.None || l.names.Definitions()[d].Uses > 0) {
					add(name, set, false)
				}
			}
		}
	}
	for _, u := range l.names.Uses() {
		if u.Target != scope.FromWith {
			continue
		}
		n := f.Tree.Node(u.Node)
		if in, ok := l.fromWiths(u); ok && n.Is(parser.KindIdent) {
			add(n, in, false)
		}
	}
	return out
}}

// libUses finds out what in a file is nixpkgs' library.
type libUses struct{ names *scope.Names }

// maxLibAliases is how many names are followed from one to the next.
const maxLibAliases = 4

// selected looks for the first name of a path, selected from a set of the library, that
// is not there.
func (l libUses) selected(p parser.Node, in []string, strange func(node parser.Node, in []string, own bool)) {
	own := false
	for i := range p.ChildCount() {
		node := p.Child(i)
		name, ok := parser.StaticName(node)
		if !ok {
			return
		}
		switch names := nixlib.Names(in...); {
		case own:
			strange(node, in, true)
		case len(names) == 0:
			return
		default:
			if _, has := slices.BinarySearch(names, name); !has {
				strange(node, in, false)
				own = true
			}
		}
		if i+1 < p.ChildCount() {
			in = append(in[:len(in):len(in)], name)
		}
	}
}

// pathOf returns the path of the set of nixpkgs' library that an expression is, empty for
// lib itself.
func (l libUses) pathOf(n parser.Node, depth int) (in []string, ok bool) {
	switch n = parser.Unparen(n); n.Kind() {
	case parser.KindIdent:
		return l.ofUse(l.names.UseAt(n), depth)
	case parser.KindSelect:
		s := parser.Select{Node: n}
		if s.Default().IsValid() {
			return nil, false
		}
		above, inLib := l.pathOf(s.Expr(), depth)
		if !inLib && !hasLib(s.Path()) {
			return nil, false // as most are, which takes no memory to find out
		}
		names, ok := s.Path().Static()
		if !ok {
			return nil, false
		}
		if inLib {
			return append(above[:len(above):len(above)], names...), true
		}
		if i := slices.Index(names, "lib"); i >= 0 && l.isNixpkgs(s.Expr(), names[:i]) {
			return names[i+1:], true
		}
	}
	return nil, false
}

// hasLib reports whether a path goes through something called lib.
func hasLib(path parser.AttrPath) bool {
	for n := range path.Children() {
		if text, _ := parser.StaticName(n); text == "lib" {
			return true
		}
	}
	return false
}

// isNixpkgs reports whether an expression, and a path selected from it, is `pkgs`,
// `nixpkgs` or `inputs.nixpkgs` as functions get them.
func (l libUses) isNixpkgs(n parser.Node, path []string) bool {
	u := l.names.UseAt(parser.Unparen(n))
	if !parser.Unparen(n).Is(parser.KindIdent) || u == scope.None || l.names.Uses()[u].Def == scope.None {
		return false
	}
	switch d := l.names.Uses()[u].Def; l.names.Definitions()[d].Kind {
	case scope.Formal, scope.Whole:
		whole := strings.Join(append([]string{l.names.Name(d)}, path...), ".")
		return whole == "pkgs" || whole == "nixpkgs" || whole == "inputs.nixpkgs"
	}
	return false
}

func (l libUses) ofUse(id scope.UseID, depth int) (in []string, ok bool) {
	if id == scope.None || depth == 0 {
		return nil, false
	}
	u := l.names.Uses()[id]
	if u.Target == scope.FromWith {
		node := l.names.Tree().Node(u.Node)
		for w := range l.withsOf(u) {
			set, ok := l.pathOf(w.Namespace(), depth-1)
			if !ok || len(nixlib.Names(set...)) == 0 {
				return nil, false
			}
			if nixlib.Has(node.Text(), set...) {
				return append(set[:len(set):len(set)], node.Text()), true
			}
		}
		return nil, false
	}
	if u.Def == scope.None {
		return nil, false
	}
	name, node := l.names.Name(u.Def), l.names.Tree().Node(l.names.Definitions()[u.Def].Node)
	switch l.names.Definitions()[u.Def].Kind {
	case scope.Formal:
		return nil, name == "lib" && !(parser.Formal{Node: node.Parent()}).Default().IsValid()
	case scope.InheritFrom:
		from := (parser.Inherit{Node: node.Parent()}).From()
		if above, ok := l.pathOf(from, depth-1); ok {
			return append(above[:len(above):len(above)], name), true
		}
		if name != "lib" {
			return nil, false
		}
		switch from = parser.Unparen(from); from.Kind() {
		case parser.KindIdent:
			return nil, l.isNixpkgs(from, nil)
		case parser.KindSelect:
			s := parser.Select{Node: from}
			key, _ := parser.StaticName(s.Path().LastChild())
			return nil, s.Path().ChildCount() == 1 && l.isNixpkgs(s.Expr(), []string{key})
		}
	case scope.Binding:
		b := node.Parent().Parent()
		if b.Is(parser.KindBinding) && (parser.Binding{Node: b}).Path().ChildCount() == 1 && !l.names.Definitions()[u.Def].More {
			return l.pathOf((parser.Binding{Node: b}).Value(), depth-1)
		}
	}
	return nil, false
}

// withsOf yields the withs around a use, from the innermost on.
func (l libUses) withsOf(u scope.Use) func(yield func(parser.With) bool) {
	return func(yield func(parser.With) bool) {
		for id := u.With; id != scope.None; id = l.names.Scopes()[id].Parent {
			if s := l.names.Scopes()[id]; s.Kind == scope.With && !yield(parser.With{Node: l.names.Tree().Node(s.Node)}) {
				return
			}
		}
	}
}

// fromWiths returns the set of the library that a name should be in, if all withs around
// it open sets of the library and none has it.
func (l libUses) fromWiths(u scope.Use) (in []string, strange bool) {
	name := l.names.Tree().Node(u.Node).Text()
	for w := range l.withsOf(u) {
		set, ok := l.pathOf(w.Namespace(), maxLibAliases)
		if !ok || len(nixlib.Names(set...)) == 0 || nixlib.Has(name, set...) {
			return nil, false
		}
		if !strange {
			in, strange = set, true
		}
	}
	return in, strange
}
