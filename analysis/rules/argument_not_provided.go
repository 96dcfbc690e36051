package rules

import (
	"fmt"
	"slices"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var argumentNotProvided = &Rule{
	Name:     "argument-not-provided",
	Group:    "modules",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a module asks for an argument that nothing provides",
	Why: `Modules get the arguments of the module system (` + "`config`, `lib`, `pkgs`" + ` and so on), what ` + "`specialArgs`" + ` holds, or
` + "`home-manager.extraSpecialArgs`" + ` for homes, and what any module defines as ` + "`_module.args`" + `. Nix stops at the first use of another:
"attribute … missing".

A default does not help, as in ` + "`{ palette ? { }, ... }:`" + `: the module system passes every parameter that a module names, and the
one that is missing fails when it is used.

nixlint knows what each host hands to its modules and reports what is certain: the rule is silent where arguments are
computed from what cannot be evaluated, and where modules of unknown flakes are imported, for they could provide them. An
argument that is used only under conditions that are not known is a warning, and none if some other host that has the module
provides it. One that the module does not use does no harm and is left to ` + "`unused-formal`" + `; one that the system's
modules get and those of home-manager do not, to ` + "`meta-not-available`" + `.`,
	Bad: "-- flake.nix --\n" + exampleFlake + "-- nvidia.nix --\n{ }\n-- host.nix --\n{ module, ... }:\n{\n" +
		"  imports = [ module.nixos.nvidia ];\n}\n",
	Good: "-- flake.nix --\n" + exampleFlake + "-- nvidia.nix --\n{ }\n-- host.nix --\n{ modules, ... }:\n{\n" +
		"  imports = [ modules.nixos.nvidia ];\n}\n",
	Fix:  SometimesFix,
	Host: lackingArguments.look,
	Repo: func(r *Repo) {
		r.lackingArguments(func(l lacking) bool { return !l.systemHas }, func(l lacking) diagnostic.Diagnostic {
			d := diagnostic.Diagnostic{
				Message: fmt.Sprintf("nothing provides the argument `%s` to the modules of %s", l.formal.Name, ofEvaluation(l.host, l.evaluation)),
				Help:    fmt.Sprintf("add it to `%s`, or define `_module.args.%s`", specialArgs(l.host, l.evaluation), l.formal.Name),
			}
			if l.formal.HasDefault {
				d.Help += ": the default of a module's parameter is never used"
			}
			near := repo.Nearest(l.formal.Name, l.given.Names)
			if near == "" || len(near) < 3 {
				return d
			}
			d.Help = fmt.Sprintf("did you mean `%s`?", near)
			d.Fix = r.renameFormal(l, near)
			return d
		})
	},
}

// lacking is a formal of a module that no argument is provided for.
type lacking struct {
	host       *repo.Host
	evaluation *repo.Evaluation
	given      *repo.Arguments
	formal     eval.Formal
	function   *repo.Function
	// systemHas is set for homes if the host's own modules get it.
	systemHas bool
	file      *repo.File
	use       need // that the module makes of it
}

// lackingOnHost are the formals of a host's modules that are used and that nothing is
// provided for, and the places of those that something is provided for.
type lackingOnHost struct {
	lacking  []lacking
	provided map[eval.Spot]bool
}

var lackingArguments = &perHost[lackingOnHost]{func(r *Repo) lackingOnHost {
	out := lackingOnHost{provided: make(map[eval.Spot]bool)}
	for _, h := range r.Model.Hosts {
		system := r.Model.Arguments(h, h.System)
		for _, e := range h.Evaluations() {
			given := system
			if e != h.System {
				given = r.Model.Arguments(h, e)
			}
			for _, fn := range e.Functions {
				formals, _, _ := fn.Lambda.Formals()
				for _, formal := range formals {
					if formal.Name == "config" || formal.Name == "lib" || formal.Name == "options" {
						continue // the module system gives them
					}
					if given.Has(formal.Name) {
						out.provided[formal.At.Spot()] = true
						continue
					}
					file := r.File(r.Model.Rel(formal.At.File))
					if !given.Sure || file == nil {
						continue
					}
					l := lacking{host: h, evaluation: e, given: given, formal: formal, function: fn, file: file}
					l.systemHas = e != h.System && h.System.Args.Get(formal.Name) != nil
					if l.use = r.useOfFormal(file, l); l.use != neverNeeded {
						out.lacking = append(out.lacking, l)
					}
				}
			}
		}
	}
	return out
}}

// lackingArguments reports the formals of modules for which nothing is
// provided and which are used.
func (r *Repo) lackingArguments(want func(lacking) bool, describe func(lacking) diagnostic.Diagnostic) {
	for on := range lackingArguments.each(r) {
		for _, l := range on.lacking {
			if !want(l) {
				continue
			}
			d := describe(l)
			d.File, d.Span = l.file.Path, nameOf(l.formal.At).Span()
			if l.use == perhapsNeeded || !l.function.Certain {
				if at := l.formal.At.Spot(); lackingArguments.any(r, func(on lackingOnHost) bool { return on.provided[at] }) {
					continue
				}
				d.Severity = diagnostic.Warning
			}
			r.Report(d)
		}
	}
}

// nameOf returns the name of a formal.
func nameOf(at eval.Place) parser.Node {
	if n := at.Syntax(); n.Is(parser.KindFormal) {
		return parser.Formal{Node: n}.Name()
	}
	return at.Syntax()
}

// useOfFormal tells whether the formal of a module is used when the module is
// evaluated.
func (r *Repo) useOfFormal(f *repo.File, l lacking) need {
	names := r.Names(f)
	out := neverNeeded
	if d := names.DefinitionAt(nameOf(l.formal.At)); d != scope.None {
		needs := r.needsOf(f, l.evaluation, l.function)
		for u := range names.UsesOf(d) {
			out = max(out, needs.of(names.Tree().Node(names.Uses()[u].Node)))
		}
	}
	return out
}

// renameFormal returns the fix that renames a formal and its uses, or nil if
// they are not all plain.
func (r *Repo) renameFormal(l lacking, name string) *diagnostic.Fix {
	formals, _, _ := l.function.Lambda.Formals()
	file := r.File(r.Model.Rel(l.formal.At.File))
	if file == nil || slices.ContainsFunc(formals, func(f eval.Formal) bool { return f.Name == name }) {
		return nil
	}
	names := r.Names(file)
	d := names.DefinitionAt(nameOf(l.formal.At))
	if d == scope.None {
		return nil
	}
	edits := []diagnostic.Edit{{File: file.Path, Span: nameOf(l.formal.At).Span(), Text: name}}
	for u := range names.UsesOf(d) {
		n := names.Tree().Node(names.Uses()[u].Node)
		if !n.Is(parser.KindIdent) || names.Lookup(names.ScopeOf(n), name) != scope.None {
			return nil
		}
		edits = append(edits, diagnostic.Edit{File: file.Path, Span: n.Span(), Text: name})
	}
	return &diagnostic.Fix{Title: fmt.Sprintf("ask for `%s` instead", name), Edits: edits}
}

// ofEvaluation names the host or home that is evaluated.
func ofEvaluation(h *repo.Host, e *repo.Evaluation) string {
	if e == h.System {
		return fmt.Sprintf("host `%s`", h.Name)
	}
	return fmt.Sprintf("`%s`'s home on `%s`", e.User, h.Name)
}

// specialArgs names what gives arguments to the modules of an evaluation.
func specialArgs(h *repo.Host, e *repo.Evaluation) string {
	if e == h.System {
		return "specialArgs"
	}
	return "home-manager.extraSpecialArgs"
}
