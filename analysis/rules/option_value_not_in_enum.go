package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var optionValueNotInEnum = &Rule{
	Name:     "option-value-not-in-enum",
	Group:    "options",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an option is set to a value that is not one of its choices",
	Why: `An option of an enumerated type takes one of the values that its declaration lists. Nix stops at any other when the option
is used.`,
	Bad:  "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{\n  modules.backup.target = \"clod\";\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{\n  modules.backup.target = \"cloud\";\n}\n",
	Fix:  SometimesFix,
	Repo: func(r *Repo) {
		r.problems(module.WrongType, func(p repo.Problem) {
			values := nearEnum(r, p)
			if values == nil {
				return
			}
			ev := p.Host.Evaluator()
			d := r.problem(p)
			d.Message = fmt.Sprintf("`%s` cannot be %s", shownOption(p.Path), ev.Print(ev.Force(p.Definition.Value)))
			d.Related = r.declaredAt(p.Option)
			var shown, names []string
			for _, v := range values {
				shown = append(shown, "`"+ev.Print(v)+"`")
				if s, ok := v.(eval.String); ok {
					names = append(names, string(s))
				}
			}
			d.Help = "it is one of " + strings.Join(shown, ", ")
			if s, ok := ev.Force(p.Definition.Value).(eval.String); ok {
				if near := repo.Nearest(string(s), names); near != "" {
					d.Help = fmt.Sprintf("did you mean `%s`? %s", near, d.Help)
					if n := p.At.Syntax(); n.Is(parser.KindString) && n.ChildCount() == 0 && !strings.ContainsAny(near, "\"\\$") {
						d.Fix = &diagnostic.Fix{
							Title: fmt.Sprintf("replace by `%s`", near),
							Edits: []diagnostic.Edit{{File: d.File, Span: d.Span, Text: "\"" + near + "\""}},
						}
					}
				}
			}
			r.Report(d)
		})
	},
}

// nearEnum returns the choices of the enumerated type that a wrong value was held
// against; nil if it was another type, or if values of that kind have no place
// in it.
func nearEnum(r *Repo, p repo.Problem) []eval.Value {
	t := p.Type
	ev := p.Host.Evaluator()
	if t != nil && t.Name == "nullOr" {
		t = t.Elem(ev)
	}
	if t == nil || t.Name != "enum" {
		return nil
	}
	kind := eval.TypeName(ev.Force(p.Definition.Value))
	for _, v := range t.Enum {
		if eval.TypeName(v) == kind {
			return t.Enum
		}
	}
	return nil
}
