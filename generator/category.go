package generator

import (
	"path"
	"strings"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// newCategory makes the file of a new category of a registry that is split into
// files: one as that of the category that like binds, with one entry. It
// returns the value that the new category is bound to. ok is false if the
// registry is not split, or split in a way that cannot be repeated.
func (d *draft) newCategory(like parser.Binding, file string, e repo.RegistryEntry, rest []string, target string) (value string, ok bool, err error) {
	call := parser.Unparen(like.Value())
	if !call.Is(parser.KindApply) || (parser.Apply{Node: call}).Func().Text() != "import" {
		return "", false, nil
	}
	literal := parser.Unparen(parser.Apply{Node: call}.Arg(0))
	if !literal.Is(parser.KindPath) {
		return "", false, nil
	}
	old, ok := repo.Target(file, parser.Path{Node: literal})
	if !ok {
		return "", false, nil
	}
	neighbour := d.Model.Repo.File(d.Model.Repo.ModuleFile(old))
	if neighbour == nil {
		return "", false, nil
	}
	name := path.Join(path.Dir(old), Kebab(rest[0]))
	shown := path.Join(path.Dir(literal.Text()), Kebab(rest[0]))
	if !strings.HasPrefix(shown, ".") {
		shown = "./" + shown
	}
	made := name + strings.TrimPrefix(neighbour.Path, old)
	if path.Ext(old) == ".nix" {
		shown, made = shown+".nix", name+".nix"
	}
	head, ok := headOf(neighbour)
	if !ok {
		return "", false, nil
	}
	entry, ok := valueLike(e, target, made, made)
	if e.Value.Syntax().Is(parser.KindPath) || head == "" {
		entry, ok = relativePath(made, target), true
	}
	if !ok {
		return "", false, nil
	}
	text, err := newText(made, head+"{\n"+strings.Join(rest[1:], ".")+" = "+entry+";\n}\n", d.Layout)
	if err != nil {
		return "", false, err
	}
	if d.Model.Repo.Entry(made) != repo.NoEntry {
		// Made before, and not named yet; or something else.
		if have, err := d.Model.Repo.Text(made); err != nil || have != text.Text {
			return "", false, nil
		}
	}
	if err := d.create(made, text.Text); err != nil {
		return "", false, err
	}
	src := call.Tree().Source()
	return src[call.Span().Start:literal.Span().Start] + shown + src[literal.Span().End:call.Span().End], true, nil
}

// headOf returns what stands before the set that a file gives: the parameters of
// the function that it is, if it is one. ok is false if more stands there.
func headOf(f *repo.File) (head string, ok bool) {
	n := parser.Unparen(f.Tree.Expr())
	start := n.Span().Start
	for n.Is(parser.KindLambda) {
		n = parser.Unparen(parser.Lambda{Node: n}.Body())
	}
	return f.Text[start:n.Span().Start], n.Is(parser.KindAttrSet)
}
