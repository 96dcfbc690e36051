package symbol

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/flake"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// flakeFile and lockFile are the files of a flake.
const (
	flakeFile = "flake.nix"
	lockFile  = "flake.lock"
)

// Input is an input of the flake, or of one of its inputs, as flake.nix tells it. It is
// taken from the code and not from evaluation, so that it is known while flake.nix is
// being edited.
type Input struct {
	Way   []string      // the names from the root to it
	Names []parser.Node // where flake.nix names it
	// URL and Follows are the texts of these attributes; invalid if there are none.
	URL, Follows parser.Node
}

// Inputs are the inputs of a flake.
type Inputs struct {
	Tree *parser.Tree // of flake.nix
	List []*Input     // in the order of flake.nix
	// Lock is nil if there is no flake.lock, or none that can be read.
	Lock    *flake.Lock
	outputs parser.Lambda
}

// InputsOf reads the inputs of a repository's flake; nil if it is none.
func InputsOf(r *repo.Repo) *Inputs {
	f := r.File(flakeFile)
	if f == nil {
		return nil
	}
	in := &Inputs{Tree: f.Tree}
	if text, err := r.Text(lockFile); err == nil {
		in.Lock, _ = flake.ReadLock(text)
	}
	for n := range f.Tree.Root().Preorder() {
		if !n.Is(parser.KindBinding) || n.Parent().Is(parser.KindLet) {
			continue
		}
		b := parser.Binding{Node: n}
		whole := BindingPath(n)
		above := len(whole) - b.Path().ChildCount()
		if len(whole) == 1 && whole[0] == "outputs" {
			if l := parser.Unparen(b.Value()); l.Is(parser.KindLambda) {
				in.outputs = parser.Lambda{Node: l}
			}
		}
		way, rest := inputWay(whole)
		for i := range way {
			if at := 2*i + 1 - above; at >= 0 {
				one := in.add(way[:i+1])
				one.Names = append(one.Names, b.Path().Child(at))
			}
		}
		if len(way) == 0 || len(rest) != 1 {
			continue
		}
		switch rest[0] {
		case "url":
			in.add(way).URL = b.Value()
		case "follows":
			in.add(way).Follows = b.Value()
		}
	}
	return in
}

// inputWay splits the path of an attribute of flake.nix into the way to the input that it
// is part of, and the names below that.
func inputWay(names []string) (way, rest []string) {
	for len(names) >= 2 && names[0] == "inputs" && names[1] != "" {
		way, names = append(way, names[1]), names[2:]
	}
	return way, names
}

// InputWay returns the way to the input that an attribute of flake.nix is part of, by the
// path of the attribute.
func InputWay(path []string) []string {
	way, _ := inputWay(path)
	return way
}

// IsDeclared reports whether flake.nix says more of an input than its name.
func (one *Input) IsDeclared() bool {
	return one.URL.IsValid() || one.Follows.IsValid()
}

// HasFormalsAt reports whether an offset is in the pattern of the outputs.
func (in *Inputs) HasFormalsAt(offset uint32) bool {
	p, ok := in.pattern()
	return ok && p.Span().Contains(offset)
}

// HasOutputsAt reports whether an offset is in the function that the outputs are.
func (in *Inputs) HasOutputsAt(offset uint32) bool {
	return in.outputs.IsValid() && in.outputs.Span().Contains(offset)
}

// Returns reports whether a set is what the outputs return, as far as code tells.
func (in *Inputs) Returns(set parser.Node) bool {
	if !in.outputs.IsValid() || !set.IsValid() {
		return false
	}
	n := in.outputs.Body()
	for {
		switch n = parser.Unparen(n); n.Kind() {
		case parser.KindLet:
			n = parser.Let{Node: n}.Body()
		case parser.KindWith:
			n = parser.With{Node: n}.Body()
		case parser.KindBinary:
			b := parser.Binary{Node: n}
			if b.Op() != parser.TokenUpdate {
				return false
			}
			if parser.Unparen(b.Left()) == set {
				return true
			}
			n = b.Right()
		default:
			return n == set
		}
	}
}

// add returns the input of a way, made if need be.
func (in *Inputs) add(way []string) *Input {
	if one := in.Find(way...); one != nil {
		return one
	}
	one := &Input{Way: slices.Clone(way)}
	in.List = append(in.List, one)
	return one
}

// Find returns what flake.nix says of an input, or nil.
func (in *Inputs) Find(way ...string) *Input {
	for _, one := range in.List {
		if slices.Equal(one.Way, way) {
			return one
		}
	}
	return nil
}

// Names returns the names of the flake's own inputs, sorted: those declared, those that
// the outputs ask for, and those that are locked.
func (in *Inputs) Names() []string { return in.NamesOf() }

// NamesOf returns the names of the inputs of an input, sorted, as flake.nix and flake.lock
// have them.
func (in *Inputs) NamesOf(way ...string) (out []string) {
	for _, one := range in.List {
		if len(one.Way) == len(way)+1 && slices.Equal(one.Way[:len(way)], way) {
			out = append(out, one.Way[len(way)])
		}
	}
	if in.Lock != nil {
		if n := in.Lock.Find(way...); n != nil {
			for name := range n.Inputs {
				out = append(out, name)
			}
		}
	}
	if p, ok := in.pattern(); ok && len(way) == 0 {
		for f := range p.Formals() {
			if name := f.Name().Text(); name != "self" {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (in *Inputs) pattern() (parser.Pattern, bool) {
	if !in.outputs.IsValid() {
		return parser.Pattern{}, false
	}
	return in.outputs.Pattern()
}

// Known reports whether flake.nix or flake.lock has an input of a way.
func (in *Inputs) Known(way []string) bool {
	return slices.Contains(in.NamesOf(way[:len(way)-1]...), way[len(way)-1])
}

// At returns the way to the input that is named at an offset of a file, and what names it
// there; nil if it is none.
func (in *Inputs) At(f *repo.File, names *scope.Names, offset uint32) (way []string, at parser.Span) {
	n := f.Tree.NodeAt(offset)
	if f.Path == flakeFile {
		if way, at = in.inFlake(names, n); way != nil {
			return way, at
		}
	}
	if name, ok := parser.StaticName(n); ok && isInputsOf(n) {
		return []string{name}, n.Span()
	}
	return nil, at
}

// inFlake is At for a node of flake.nix.
func (in *Inputs) inFlake(names *scope.Names, n parser.Node) (way []string, at parser.Span) {
	if _, ok := in.pattern(); ok {
		d := names.DefinitionAt(n)
		if u := names.UseAt(n); u != scope.None {
			d = names.Uses()[u].Def
		}
		if d != scope.None && names.Definitions()[d].Kind == scope.Formal && names.ScopeOf(in.outputs.Node) == names.Definitions()[d].Scope && names.Name(d) != "self" {
			return []string{names.Name(d)}, n.Span()
		}
	}
	if n.Is(parser.KindString) && n.Parent().Is(parser.KindBinding) {
		b := n.Parent()
		if (parser.Binding{Node: b}).Value() != n {
			return nil, at
		}
		way, rest := inputWay(BindingPath(b))
		if len(way) == 0 || len(rest) != 1 {
			return nil, at
		}
		text, _ := parser.String{Node: n}.Static()
		switch rest[0] {
		case "url":
			return way, n.Span()
		case "follows":
			if text != "" {
				return strings.Split(text, "/"), n.Span()
			}
		}
		return nil, at
	}
	own := n.Parent()
	if !own.Is(parser.KindAttrPath) || !own.Parent().Is(parser.KindBinding) {
		return nil, at
	}
	whole := BindingPath(own.Parent())
	above := len(whole) - own.ChildCount()
	for i := range own.ChildCount() {
		if own.Child(i) == n {
			if way, rest := inputWay(whole[:above+i+1]); len(rest) == 0 && len(way) > 0 {
				return way, n.Span()
			}
		}
	}
	return nil, at
}

// isInputsOf reports whether a name is selected from the set of the inputs, as it is
// called by convention.
func isInputsOf(n parser.Node) bool {
	switch p := n.Parent(); p.Kind() {
	case parser.KindAttrPath:
		sel := p.Parent()
		if !sel.Is(parser.KindSelect) && !sel.Is(parser.KindHasAttr) {
			return false
		}
		before := sel.Child(0).Text()
		for i := 0; i < p.ChildCount() && p.Child(i) != n; i++ {
			before += "." + p.Child(i).Text()
		}
		return before == "inputs" || before == "self.inputs"
	case parser.KindInherit:
		from := (parser.Inherit{Node: p}).From()
		return from.IsValid() && parser.Unparen(from).Text() == "inputs"
	}
	return false
}

// Declared returns where flake.nix and flake.lock say what an input is.
func (in *Inputs) Declared(way []string) (out []Place) {
	if one := in.Find(way...); one != nil {
		for _, n := range one.Names {
			out = append(out, Place{flakeFile, n.Span()})
		}
	}
	if in.Lock != nil {
		if n := in.Lock.Find(way...); n != nil && n != in.Lock.Root {
			out = append(out, Place{lockFile, n.At})
		}
	}
	return out
}

// Uses returns where the files of a repository name an input of the flake: what it
// follows, what follows it, formals of the outputs, and attributes of `inputs`, with the
// variables that `inherit` makes of these.
func (in *Inputs) Uses(r *repo.Repo, namesOf func(string) *scope.Names, way []string) (out []Place) {
	for _, one := range in.List {
		if text, ok := staticText(one.Follows); ok && slices.Equal(strings.Split(text, "/"), way) {
			out = append(out, Place{flakeFile, one.Follows.Span()})
		}
	}
	if len(way) != 1 {
		return out
	}
	names := namesOf(flakeFile)
	if p, ok := in.pattern(); ok {
		for f := range p.Formals() {
			if d := names.DefinitionAt(f.Name()); f.Name().Text() == way[0] && d != scope.None {
				out = append(out, Variables(r.File(flakeFile), names, d, true)...)
			}
		}
	}
	for _, f := range r.Files {
		if !strings.Contains(f.Text, "inputs") || !strings.Contains(f.Text, way[0]) {
			continue
		}
		for n := range f.Tree.Root().Preorder() {
			if name, ok := parser.StaticName(n); !ok || name != way[0] || !isInputsOf(n) {
				continue
			}
			out = append(out, Place{f.Path, n.Span()})
			if n.Parent().Is(parser.KindInherit) {
				if d := namesOf(f.Path).DefinitionAt(n); d != scope.None {
					out = append(out, Variables(f, namesOf(f.Path), d, false)...)
				}
			}
		}
	}
	return out
}

func staticText(n parser.Node) (string, bool) {
	if !n.Is(parser.KindString) && !n.Is(parser.KindIndString) {
		return "", false
	}
	return parser.String{Node: n}.Static()
}

// URLOf returns the reference that flake.nix gives for an input; empty if it gives none
// that is written out.
func (one *Input) URLOf() string {
	text, _ := staticText(one.URL)
	return text
}

// FollowsOf returns what an input follows, as it is written.
func (one *Input) FollowsOf() string {
	text, _ := staticText(one.Follows)
	return text
}

// Folder returns the folder of the repository that an input is, if its reference is a
// relative path.
func (one *Input) Folder() (folder string, ok bool) {
	ref, ok := flake.ParseRef(one.URLOf())
	if !ok || ref["type"] != "path" || path.IsAbs(ref["path"]) {
		return "", false
	}
	folder = path.Clean(ref["path"])
	return folder, folder != ".." && !strings.HasPrefix(folder, "../")
}
