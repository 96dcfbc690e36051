package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var comparisonNeverTrue = &Rule{
	Name:     "comparison-never-true",
	Group:    "options",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an option is compared with a text that it cannot have",
	Why: `An option of type ` + "`enum`" + ` has one of a few values. A comparison with another text, or a list of texts for ` + "`elem`" + ` with one, is never true, and what
depends on it never happens: the text is misspelt, or the value has another name now.

Options whose value goes through ` + "`apply`" + `, and those that some host declares in another way, are left alone.`,
	Bad: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ config, lib, ... }:\n{\n" +
		"  services.rsyncd.enable = config.modules.backup.target == \"cluod\";\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ config, lib, ... }:\n{\n" +
		"  services.rsyncd.enable = config.modules.backup.target == \"cloud\";\n}\n",
	Fix: SometimesFix,
	Host: func(r *Repo) {
		for _, fn := range moduleFunctions.of(r.views[0]) {
			if !fn.in.Config.Broken {
				for _, c := range comparisons.of(r, fn.file)[fn.config] {
					r.impossible(fn.in, c)
				}
			}
		}
	},
}

// comparison is a text that a part of the configuration is compared with.
type comparison struct {
	file *repo.File
	path []string
	text parser.Node // a string
}

// comparisons holds the texts that parts of each parameter `config` are compared with.
var comparisons = &perFile[map[scope.DefID][]comparison]{func(r *Repo, f *repo.File) map[scope.DefID][]comparison {
	if !strings.Contains(f.Text, "==") && !strings.Contains(f.Text, "!=") && !strings.Contains(f.Text, "elem") {
		return nil
	}
	out := make(map[scope.DefID][]comparison)
	for config, reads := range configReads.of(r, f) {
		for _, read := range reads {
			if len(read.Path) < 2 || read.Alias || read.Guarded {
				continue
			}
			last := read.Names[len(read.Names)-1]
			if !last.Parent().Is(parser.KindAttrPath) || last.Parent().LastChild() != last || !last.Parent().Parent().Is(parser.KindSelect) {
				continue
			}
			for _, text := range comparedWith(last.Parent().Parent()) {
				out[config] = append(out[config], comparison{f, read.Path, text})
			}
		}
	}
	return out
}}

// comparedWith returns the strings that an expression is compared with.
func comparedWith(n parser.Node) (out []parser.Node) {
	n = parser.WithParens(n)
	switch p := n.Parent(); p.Kind() {
	case parser.KindBinary:
		b := parser.Binary{Node: p}
		if b.Op() != parser.TokenEqual && b.Op() != parser.TokenNotEqual {
			return nil
		}
		other := b.Left()
		if other == n {
			other = b.Right()
		}
		if other = parser.Unparen(other); other.Is(parser.KindString) {
			out = append(out, other)
		}
	case parser.KindApply:
		a := parser.Apply{Node: p}
		if symbol.LastName(a.Func()) != "elem" || a.ArgCount() != 2 || a.Arg(0) != n {
			return nil
		}
		if list := parser.Unparen(a.Arg(1)); list.Is(parser.KindList) {
			for e := range list.Children() {
				if e = parser.Unparen(e); e.Is(parser.KindString) {
					out = append(out, e)
				}
			}
		}
	}
	return out
}

// impossible reports a comparison with a text that the option cannot have.
func (r *Repo) impossible(e *repo.Evaluation, c comparison) {
	o, rest := e.Config.Option(c.path...)
	text, static := parser.String{Node: c.text}.Static()
	if o == nil || len(rest) > 0 || !static || o.Attrs.Get("apply") != nil || len(o.Declarations) != 1 {
		return
	}
	values, ok := enumTexts(e.Evaluator(), o.Type())
	if !ok || slices.Contains(values, text) {
		return
	}
	d := diagnostic.Diagnostic{
		File: c.file.Path, Span: c.text.Span(), Related: r.declaredAt(o),
		Message: fmt.Sprintf("`%s` is never \"%s\"", module.ShowOption(c.path), text),
		Help:    fmt.Sprintf("it is one of \"%s\"", strings.Join(values, `", "`)),
	}
	if near := repo.Nearest(text, values); near != "" {
		d.Help = fmt.Sprintf("did you mean \"%s\"?", near)
		d.Fix = &diagnostic.Fix{
			Title: fmt.Sprintf("replace by \"%s\"", near),
			Edits: []diagnostic.Edit{{File: d.File, Span: d.Span, Text: `"` + near + `"`}},
		}
	}
	r.Report(d)
}

// enumTexts returns the values of a type that has only a few texts, or null.
func enumTexts(ev *eval.Evaluator, t *module.Type) (texts []string, ok bool) {
	if t.Name == "nullOr" {
		if t = t.Elem(ev); t == nil {
			return nil, false
		}
	}
	if t.Name != "enum" || !t.Known() || len(t.Enum) == 0 {
		return nil, false
	}
	for _, v := range t.Enum {
		switch v := v.(type) {
		case eval.String:
			texts = append(texts, string(v))
		case eval.Int, eval.Bool, eval.Null:
		default:
			return nil, false
		}
	}
	return texts, len(texts) > 0
}
