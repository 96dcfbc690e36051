package symbol

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/manual"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// Signature is how a function is called.
type Signature struct {
	Name   string
	Params []Param
	Type   string // empty if it is not known
	Text   string // what it does, as Markdown
	// At is the name of the function where it is written, if it is the repository's and has
	// one; else the function.
	At Place
}

// Param is a parameter: a name, or a pattern of formals.
type Param struct {
	Name     string // empty for patterns
	Formals  []Formal
	Ellipsis bool // the pattern takes other names too
}

// Formal is a name that a function asks for.
type Formal struct {
	Name    string
	Default string // as it is written; empty if there is none
	// Optional is set if calls need not give it.
	Optional bool
	At       Place // where the function asks for it; its file is empty if that is none of the repository
}

// IsPattern reports whether a parameter asks for a set.
func (p Param) IsPattern() bool { return p.Name == "" }

// Signature returns how the function that a call names is called, or nil if it is not
// known. skipped is the number of leading arguments of the call that are not the
// function's own, as the path in `import ./f.nix arg`.
func (v View) Signature(f *repo.File, names *scope.Names, c Call) (s *Signature, skipped int) {
	callee := parser.Unparen(c.Func)
	if file := v.imported(f, c); file != nil {
		lambda := parser.Unparen(file.Tree.Expr())
		if !lambda.Is(parser.KindLambda) {
			return nil, 0
		}
		return ofLambda(file.Path, parser.Lambda{Node: lambda}, file.Path, commentText(file.Tree, headComments(file.Tree))), 1
	}
	if callee.Is(parser.KindLambda) {
		return ofLambda(f.Path, parser.Lambda{Node: callee}, "function", ""), 0
	}
	root, path := v.callee(names, callee)
	if root == "" {
		return v.codeOf(f, names).Function(callee), 0
	}
	if e := described(root, path); e != nil && len(e.Params) > 0 {
		s := &Signature{Name: root + "." + e.Name, Type: e.Type, Text: e.Text}
		for i, p := range e.Params {
			s.Params = append(s.Params, Param{Name: p, Formals: formalsOf(e, i)})
		}
		return s, 0
	}
	if lambda, ok := v.valueOf(root, path).(*eval.Lambda); ok {
		return v.ofValue(lambda, strings.Join(append([]string{root}, path...), ".")), 0
	}
	return nil, 0
}

// formalsOf returns the attributes that a described function takes in one of its parameters,
// by its type: `{ name, check ?, ... } -> type`.
func formalsOf(e *manual.Entry, param int) (out []Formal) {
	types := strings.Split(e.Type, " -> ")
	if len(types) != len(e.Params)+1 {
		return nil // a function among the parameters
	}
	inner, isSet := strings.CutPrefix(types[param], "{ ")
	if inner, ok := strings.CutSuffix(inner, " }"); ok && isSet {
		for part := range strings.SplitSeq(inner, ", ") {
			name, optional := strings.CutSuffix(part, " ?")
			if eval.IsIdentifier(name) {
				out = append(out, Formal{Name: name, Optional: optional})
			}
		}
	}
	return out
}

// codeOf tells what the code of a file says of sets, with the others as they were evaluated.
func (v View) codeOf(f *repo.File, names *scope.Names) Code {
	return Code{File: f, Names: names, Other: func(path string) (*repo.File, *scope.Names) {
		other := v.Model.Repo.File(v.Model.Repo.ModuleFile(path))
		if other == nil {
			return nil, nil
		}
		return other, scope.Resolve(other.Tree)
	}}
}

// SignatureOfDefinition returns how a function is called that the file itself defines; nil
// for other definitions.
func SignatureOfDefinition(f *repo.File, names *scope.Names, d scope.DefID) *Signature {
	lambda, binding := lambdaOf(names, d)
	if !lambda.IsValid() {
		return nil
	}
	s := ofLambda(f.Path, lambda, names.Name(d), commentText(f.Tree, binding.LeadingComments()))
	s.At.Span = nameOf(binding)
	return s
}

// nameOf returns the last name of a binding.
func nameOf(binding parser.Node) parser.Span {
	return parser.Binding{Node: binding}.Path().LastChild().Span()
}

// SignatureOf returns how a function below an argument of the file is called; nil if it is
// no function of the repository.
func (v View) SignatureOf(s Symbol) *Signature {
	if s.Kind != Argument || len(s.Path) == 0 || s.Root == "config" {
		return nil
	}
	if lambda, ok := v.valueOf(s.Root, s.Path).(*eval.Lambda); ok {
		return v.ofValue(lambda, strings.Join(append([]string{s.Root}, s.Path...), "."))
	}
	return nil
}

// Described returns what describes a symbol that is a builtin or of nixpkgs' library.
func (s Symbol) Described() *manual.Entry {
	switch {
	case s.Kind == Builtin:
		return manual.Builtin(strings.TrimPrefix(s.Name, "__"))
	case s.Kind == Argument:
		return described(withoutInputs(s.Root, s.Path))
	}
	return nil
}

func described(root string, path []string) *manual.Entry {
	switch {
	case root == "builtins" && len(path) == 1:
		return manual.Builtin(path[0])
	case root == "lib" && len(path) > 0:
		return manual.Lib(path...)
	}
	return nil
}

// callee resolves what is called to an argument and the names below it.
func (v View) callee(names *scope.Names, n parser.Node) (root string, path []string) {
	if u := names.UseAt(n); u != scope.None && names.Uses()[u].Target == scope.GlobalOf {
		return "builtins", []string{strings.TrimPrefix(n.Text(), "__")}
	}
	if root, path, _ = rootOf(names, n, maxAliases); root != "" {
		return withoutInputs(root, path)
	}
	// A library that the file itself has made, as in `lib = nixpkgs.lib.extend …`.
	if sel := (parser.Select{Node: n}); n.Is(parser.KindSelect) && sel.Expr().Text() == "lib" {
		if path, ok := sel.Path().Static(); ok {
			return "lib", path
		}
	}
	return "", nil
}

// withoutInputs makes `lib` of the library of nixpkgs reached through the flake's inputs.
func withoutInputs(root string, path []string) (string, []string) {
	if below, ok := LibraryBelow(root, path); ok && len(below) > 0 {
		return "lib", below
	}
	if root == "inputs" && len(path) > 1 {
		return path[0], path[1:]
	}
	return root, path
}

// imported returns the file whose function is called by `import ./file.nix` or
// `callPackage ./file.nix`, at the argument behind the path.
func (v View) imported(f *repo.File, c Call) *repo.File {
	if !c.Apply.IsValid() || c.Arg < 1 {
		return nil
	}
	switch LastName(c.Func) {
	case "import", "callPackage":
	default:
		return nil
	}
	path := parser.Unparen(c.Apply.Arg(0))
	if !path.Is(parser.KindPath) {
		return nil
	}
	target, ok := repo.Target(f.Path, parser.Path{Node: path})
	if !ok {
		return nil
	}
	return v.Model.Repo.File(v.Model.Repo.ModuleFile(target))
}

// valueOf returns the value below an argument: as the modules of the file get it, or else,
// for files that are no modules, as those of any host do or the flake itself has it.
func (v View) valueOf(root string, path []string) eval.Value {
	for _, in := range v.Evaluations {
		if value, _ := v.Value(in, root, path); value != nil {
			return value
		}
	}
	ev := v.Model.Evaluator()
	below := func(value eval.Value) eval.Value {
		for _, name := range path {
			set, ok := value.(*eval.Attrs)
			if !ok || set.Get(name) == nil {
				return nil
			}
			value = ev.Force(set.Get(name).Value)
		}
		return value
	}
	if root == "self" {
		return below(v.Model.Outputs())
	}
	for _, e := range v.Model.Evaluations() {
		if value := below(e.Config.Arg(root)); value != nil {
			return value
		}
	}
	if outputs, ok := v.Model.Outputs().(*eval.Attrs); ok && root == "lib" && outputs.Get("lib") != nil {
		return below(ev.Force(outputs.Get("lib").Value))
	}
	return nil
}

// ofValue describes a function that has been evaluated.
func (v View) ofValue(l *eval.Lambda, name string) *Signature {
	at := l.At()
	if !at.IsValid() {
		return nil
	}
	node := parser.Unparen(at.Syntax())
	if !node.Is(parser.KindLambda) {
		return nil
	}
	var text string
	if b := node.Parent(); b.Is(parser.KindBinding) {
		text = commentText(node.Tree(), b.LeadingComments())
	}
	s := ofLambda(v.Place(at).File, parser.Lambda{Node: node}, name, text)
	if s.At = v.Place(at); node.Parent().Is(parser.KindBinding) && s.At.File != "" {
		s.At.Span = nameOf(node.Parent())
	}
	return s
}

// ofLambda describes a function by its code. The file is empty for one that is none of the
// repository.
func ofLambda(file string, l parser.Lambda, name, text string) *Signature {
	s := &Signature{Name: name, Text: text}
	if file != "" {
		s.At = Place{file, l.Span()}
	}
	for n := l.Node; n.Is(parser.KindLambda); n = parser.Unparen(parser.Lambda{Node: n}.Body()) {
		l := parser.Lambda{Node: n}
		if p, ok := l.Pattern(); ok {
			s.Params = append(s.Params, ofPattern(file, p))
		} else if text := l.Param().Text(); text != "" {
			s.Params = append(s.Params, Param{Name: text})
		}
	}
	return s
}

func ofPattern(file string, p parser.Pattern) Param {
	param := Param{Ellipsis: p.Ellipsis().IsValid()}
	for f := range p.Formals() {
		formal := Formal{Name: f.Name().Text(), At: Place{file, f.Name().Span()}}
		if d := f.Default(); d.IsValid() {
			formal.Default, formal.Optional = d.Text(), true
		}
		param.Formals = append(param.Formals, formal)
	}
	return param
}

// headComments returns the comments that a file begins with.
func headComments(t *parser.Tree) (out []parser.Trivia) {
	first := t.Token(0)
	for c := range t.Comments() {
		if c.Span.Start > first.Span().Start {
			break
		}
		out = append(out, c)
	}
	return out
}

// commentText returns comments as text, without what marks them.
func commentText(t *parser.Tree, comments []parser.Trivia) string {
	var lines []string
	for _, c := range comments {
		text := t.TriviaText(c)
		if inner, ok := strings.CutPrefix(text, "/*"); ok {
			for line := range strings.Lines(strings.TrimSuffix(inner, "*/")) {
				lines = append(lines, strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "*")))
			}
			continue
		}
		lines = append(lines, strings.TrimPrefix(strings.TrimLeft(strings.TrimRight(text, " \n"), "#"), " "))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// FormalAt returns the formal that an attribute at an offset gives to the function that is
// called there, with the function; ok is false if there is none.
func (v View) FormalAt(f *repo.File, names *scope.Names, offset uint32) (formal Formal, of *Signature, ok bool) {
	n := f.Tree.NodeAt(offset)
	name, static := parser.StaticName(n)
	holder := n.Parent()
	if holder.Is(parser.KindAttrPath) {
		if holder.Child(0) != n {
			return formal, nil, false
		}
		holder = holder.Parent()
	}
	c, called := CallAt(f.Tree, offset)
	if !static || !called || !c.Set.IsValid() || holder.Parent() != c.Set.Node {
		return formal, nil, false
	}
	s, skipped := v.Signature(f, names, c)
	if s == nil || c.Arg-skipped < 0 || c.Arg-skipped >= len(s.Params) {
		return formal, nil, false
	}
	for _, formal := range s.Params[c.Arg-skipped].Formals {
		if formal.Name == name {
			return formal, s, true
		}
	}
	return formal, nil, false
}

// Missing returns the formals of a call's argument that its set does not give yet, or gives by
// the name at an offset; nil if the function or its formals are not known.
func (v View) Missing(f *repo.File, names *scope.Names, c Call, offset uint32) (out []Formal) {
	if !c.Set.IsValid() {
		return nil
	}
	s, skipped := v.Signature(f, names, c)
	if s == nil || c.Arg-skipped < 0 || c.Arg-skipped >= len(s.Params) {
		return nil
	}
	given := Given(c.Set)
	at, _ := parser.StaticName(f.Tree.NodeAt(offset))
	for _, formal := range s.Params[c.Arg-skipped].Formals {
		if formal.Name == at || !slices.Contains(given, formal.Name) {
			out = append(out, formal)
		}
	}
	return out
}

// Comment returns the comment above a binding, without what marks it as one.
func Comment(b parser.Node) string { return commentText(b.Tree(), b.LeadingComments()) }
