package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var optionMalformed = &Rule{
	Name:     "option-malformed",
	Group:    "options",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "something among the options of a module is no declaration of one",
	Why: "Below `options`" + ` there are sets and what ` + "`mkOption`" + ` and its like return. Nix refuses a plain value, which was meant for ` +
		"`config` or as the `default`" + ` of an option.

` + "`mkOption`" + ` takes no other attributes than those it knows, and ` + "`mkEnableOption`" + ` nothing but a string: a set instead of it is a warning, for
what is in the set is lost. A ` + "`type`" + ` has to be a type: ` + "`types.listOf`" + ` alone is a function that makes one.`,
	Bad:  "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{\n  options.modules.backup.compress = false;\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ lib, ... }:\n{\n  options.modules.backup.compress = lib.mkEnableOption \"compression\";\n}\n",
	Fix:  SometimesFix,
	Repo: func(r *Repo) {
		r.problems(module.BadOption, func(p repo.Problem) {
			if p.Option == nil && p.Error == nil {
				d := r.problem(p)
				d.Message = fmt.Sprintf("`%s` among the options: %s", shownOption(p.Path), p.Message)
				d.Help = "declare it with `mkOption`, or set it in `config`"
				r.Report(d)
			}
		})
		r.problems(module.BadType, func(p repo.Problem) {
			d := r.problem(p)
			d.Help = "a type is one of `lib.types`, such as `types.str` or `types.listOf types.str`"
			r.Report(d)
		})
	},
	Kinds: []parser.Kind{parser.KindApply},
	Node: func(f *File, n parser.Node) {
		a := parser.Apply{Node: n}
		switch symbol.LastName(a.Func()) {
		case "mkOption":
			if isLibName(a.Func(), "options") && !f.isOwnName(a.Func()) {
				f.optionAttributes(parser.Unparen(a.Arg(0)))
			}
		case "mkEnableOption":
			if arg := parser.Unparen(a.Arg(0)); arg.Is(parser.KindAttrSet) && isLibName(a.Func(), "options") && !f.isOwnName(a.Func()) {
				f.Report(diagnostic.Diagnostic{
					Span: arg.Span(), Severity: diagnostic.Warning,
					Message: "`mkEnableOption` takes what is enabled as a string, and nothing else",
					Help:    "write `mkEnableOption \"…\" // { default = true; }`, or use `mkOption`",
				})
			}
		}
	},
}

// optionAttrs are the attributes that mkOption takes: lib/options.nix of nixpkgs.
var optionAttrs = []string{
	"apply", "default", "defaultText", "description", "example", "internal", "readOnly", "relatedPackages", "type", "visible",
}

// isLibName reports whether a function is written as one of nixpkgs' library: by its
// name alone, or as `lib.NAME` or `lib.PART.NAME`.
func isLibName(fn parser.Node, part string) bool {
	switch names := namePath(fn); len(names) {
	case 1:
		return true
	case 2:
		return names[0] == "lib"
	case 3:
		return names[0] == "lib" && names[1] == part
	}
	return false
}

// optionAttributes reports attributes of a declaration that mkOption refuses.
func (f *File) optionAttributes(set parser.Node) {
	if !set.Is(parser.KindAttrSet) {
		return
	}
	for b := range set.Children() {
		if !b.Is(parser.KindBinding) {
			continue
		}
		path := parser.Binding{Node: b}.Path()
		name, ok := parser.StaticName(path.Child(0))
		if !ok || slices.Contains(optionAttrs, name) {
			continue
		}
		d := diagnostic.Diagnostic{
			Span:    path.Child(0).Span(),
			Message: fmt.Sprintf("`mkOption` does not take an attribute `%s`", name),
			Help:    fmt.Sprintf("it takes `%s`", strings.Join(optionAttrs, "`, `")),
		}
		if near := repo.Nearest(name, optionAttrs); near != "" {
			d.Help = fmt.Sprintf("did you mean `%s`?", near)
			d.Fix = &diagnostic.Fix{
				Title: fmt.Sprintf("replace `%s` by `%s`", name, near),
				Edits: []diagnostic.Edit{{Span: d.Span, Text: near}},
			}
		}
		f.Report(d)
	}
}

// isOwnName reports whether a name is defined in the file, other than as a
// parameter or by inheriting it.
func (f *File) isOwnName(n parser.Node) bool {
	v := f.letValue(parser.Unparen(n))
	return v.IsValid()
}
