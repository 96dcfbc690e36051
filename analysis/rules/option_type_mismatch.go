package rules

import (
	"strconv"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var optionTypeMismatch = &Rule{
	Name:     "option-type-mismatch",
	Group:    "options",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an option is set to a value of another type",
	Why: `Nix holds every definition against the type that the option is declared with when the value is used, and stops if it
does not fit: a string where a number is wanted, a single value where a list is, a name that is no attribute of a submodule.
A definition under a condition that nixlint cannot decide is a warning.`,
	Bad:  "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{\n  modules.backup.keep = \"7\";\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{\n  modules.backup.keep = 7;\n}\n",
	Fix:  SometimesFix,
	Repo: func(r *Repo) {
		r.problems(module.WrongType, func(p repo.Problem) {
			if p.Type != nil && nearEnum(r, p) != nil {
				return // option-value-not-in-enum reports it
			}
			d := r.problem(p)
			d.Related = r.declaredAt(p.Option)
			r.convert(&d, p)
			r.Report(d)
		})
	},
}

// convert offers the value in the form that the type wants, where there is one.
func (r *Repo) convert(d *diagnostic.Diagnostic, p repo.Problem) {
	if p.Type == nil {
		return
	}
	ev := p.Host.Evaluator()
	n := p.At.Syntax()
	text := ""
	if n.Is(parser.KindString) && n.ChildCount() == 0 {
		if s, ok := ev.Force(p.Definition.Value).(eval.String); ok {
			inner := string(s)
			if i, err := strconv.Atoi(inner); err == nil && p.Type.Check(ev, eval.Int(i)) == module.Yes {
				text = strconv.Itoa(i)
			} else if inner == "true" || inner == "false" {
				if p.Type.Check(ev, eval.Bool(inner == "true")) == module.Yes {
					text = inner
				}
			}
		}
	}
	if text == "" && p.Type.Name == "listOf" {
		if elem := p.Type.Elem(ev); elem != nil && elem.Check(ev, ev.Force(p.Definition.Value)) == module.Yes && n.Is(parser.KindString) {
			text = "[ " + n.Text() + " ]"
		}
	}
	if text == "" && n.Is(parser.KindInt) && p.Type.Check(ev, eval.String(n.Text())) == module.Yes {
		text = strconv.Quote(n.Text())
	}
	if text != "" {
		d.Help = "write `" + text + "`"
		d.Fix = &diagnostic.Fix{Title: "replace by `" + text + "`", Edits: []diagnostic.Edit{{File: d.File, Span: d.Span, Text: text}}}
	}
}
