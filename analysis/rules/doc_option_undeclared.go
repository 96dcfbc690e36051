package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var docOptionUndeclared = &Rule{
	Name:     "doc-option-undeclared",
	Group:    "docs",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "Nix code in the documentation sets an option that no module declares",
	Why: `Options are renamed and removed, and the README goes on to show the old ones. The rule looks at blocks marked ` + "```nix" + ` in
Markdown files, at what they set below names under which the repository declares all options itself, such as ` + "`modules`" + `, and in the
repository's own submodules: names that none of its modules has, imported or not, and plain values that the option does not take.

What a page itself declares, placeholders such as ` + "`feature`" + `, and logs of changes are left out.`,
	Bad: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ }\n-- README.md --\n" +
		"```nix\nmodules.backup.enabel = true;\n```\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ }\n-- README.md --\n" +
		"```nix\nmodules.backup.enable = true;\n```\n",
	Fix: SometimesFix,
	Repo: func(r *Repo) {
		if len(r.Model.Evaluations()) == 0 {
			return
		}
		for doc, block := range r.documentedCode() {
			d := &docOptions{r, doc.file, doc.text, block, r.registryKeys()}
			d.check()
		}
	},
}

// docOptions looks at the options that a block of code sets.
type docOptions struct {
	*Repo
	file string
	page string // text of the whole file
	nixBlock
	keys map[string]bool // of the registries, which may have the name of the options
}

func (d *docOptions) check() {
	for id := range d.tree.NodeCount() {
		n := d.tree.Node(parser.NodeID(id))
		if !n.Is(parser.KindBinding) || inLet(n) {
			continue
		}
		b := parser.Binding{Node: n}
		if set := parser.Unparen(b.Value()); set.Is(parser.KindAttrSet) && set.ChildCount() > 0 {
			continue // what is in it is looked at
		}
		path := symbol.BindingPath(n)
		if path[0] == "config" {
			path = path[1:]
		}
		if len(path) > 1 && !slices.Contains(path, "") {
			d.option(b, path)
		}
	}
}

// inLet reports whether a binding is one of a let, or part of the value of one.
func inLet(n parser.Node) bool {
	for a := range n.Ancestors() {
		if a.Is(parser.KindLet) && n.Is(parser.KindBinding) {
			return true
		}
		n = a
	}
	return false
}

// option looks at a binding that may set an option.
func (d *docOptions) option(b parser.Binding, path []string) {
	known := 0 // how many names are those of options or sets of options
	var in *module.Evaluation
	var inside []string // the path to what in belongs to
	for _, e := range d.Model.Evaluations() {
		n, o, last, at := d.follow(e.Config, path)
		if o != nil && n == len(path) {
			d.value(b, path, o)
			return
		}
		if n == len(path) {
			return
		}
		if n > known {
			known, in, inside = n, last, at
		}
	}
	if known == 0 || isPlaceholder(path[known:]) || isPlaceholder(path[:known]) {
		return
	}
	full := strings.Join(path[:known+1], ".")
	if _, ok := d.keys[full]; ok {
		return
	}
	if d.writtenOptions()[full] != "" || strings.Contains(d.page, "options."+full) || in.IsOpen(inside...) {
		return
	}
	name := d.nameOf(b, path, known)
	if !name.IsValid() {
		return
	}
	names := in.Names(inside...)
	found := diagnostic.Diagnostic{
		File: d.file, Span: d.span(name.Span()),
		Message: fmt.Sprintf("no module declares the option `%s`", full),
	}
	switch near := repo.Nearest(path[known], names); {
	case near != "":
		found.Help = fmt.Sprintf("did you mean `%s`?", near)
		if name.Is(parser.KindName) {
			found.Fix = &diagnostic.Fix{
				Title: fmt.Sprintf("replace `%s` by `%s`", path[known], near),
				Edits: []diagnostic.Edit{{File: d.file, Span: found.Span, Text: near}},
			}
		}
	case len(names) > 0 && len(names) <= 12:
		found.Help = fmt.Sprintf("`%s` has `%s`", strings.Join(path[:known], "."), strings.Join(names, "`, `"))
	}
	d.Report(found)
}

// follow tells how many names of a path lead to options, or sets of options, of the
// repository: all of them if what is further inside is not known. o is the option at
// its end, if there is one; in is the evaluation that the rest belongs to, at the
// path at.
func (d *docOptions) follow(e *module.Evaluation, path []string) (n int, o *module.Option, in *module.Evaluation, at []string) {
	for i := range path {
		o, _ := e.Option(path[:i+1]...)
		switch {
		case o != nil && o.IsStub():
			return 0, nil, e, nil
		case o != nil && i == len(path)-1:
			return i + 1, o, e, path
		case o != nil:
			inner, skip := d.submodule(o, path[i+1:])
			if inner == nil || i+1+skip >= len(path) {
				return len(path), nil, e, path
			}
			if inner.HasFreeform() {
				return len(path), nil, e, path
			}
			m, o, in, at := d.follow(inner, path[i+1+skip:])
			return i + 1 + skip + m, o, in, at
		case len(e.Names(path[:i+1]...)) == 0:
			if i == 0 || module.IsUpstream(path[0]) && len(e.Input.Prefix) == 0 {
				return 0, nil, e, nil // not the repository's own
			}
			return i, nil, e, path[:i]
		}
	}
	return len(path), nil, e, path
}

// submodule returns the evaluation of the options inside of an option's value, and how
// many names of the rest of a path choose which value.
func (d *docOptions) submodule(o *module.Option, rest []string) (inner *module.Evaluation, skip int) {
	ev := d.Model.Evaluator()
	t := o.Type()
	for range 5 {
		switch t.Name {
		case "submodule":
			return t.Inside(ev, o.Path), skip
		case "attrsOf", "lazyAttrsOf":
			skip++
			t = t.Elem(ev)
		case "nullOr", "unique":
			t = t.Elem(ev)
		default:
			return nil, 0
		}
		if t == nil {
			return nil, 0
		}
	}
	return nil, 0
}

// nameOf returns the node of a name of the path under which a binding is found.
func (d *docOptions) nameOf(b parser.Binding, path []string, i int) parser.Node {
	end := len(path)
	for n := b.Node; n.IsValid(); n = n.Parent() {
		if !n.Is(parser.KindBinding) {
			continue
		}
		names := parser.Binding{Node: n}.Path()
		start := end - names.ChildCount()
		if i >= start {
			return names.Child(i - start)
		}
		end = start
	}
	return parser.Node{}
}

// value looks at a plain value that an option is set to.
func (d *docOptions) value(b parser.Binding, path []string, o *module.Option) {
	n := parser.Unparen(b.Value())
	var v eval.Value
	switch n.Kind() {
	case parser.KindString:
		s, ok := parser.String{Node: n}.Static()
		if !ok || strings.HasPrefix(s, "…") || s == "..." {
			return
		}
		v = eval.String(s)
	case parser.KindIdent:
		switch n.Text() {
		case "true", "false":
			v = eval.Bool(n.Text() == "true")
		default:
			return
		}
	default:
		return
	}
	ev := d.Model.Evaluator()
	t := o.Type()
	if t.Check(ev, v) != module.No {
		return
	}
	found := diagnostic.Diagnostic{
		File: d.file, Span: d.span(n.Span()),
		Message: fmt.Sprintf("`%s` cannot be %s: it is %s", strings.Join(path, "."), ev.Print(v), t.Description(ev)),
		Related: d.declaredAt(o),
	}
	d.Report(found)
}
