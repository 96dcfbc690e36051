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

var flakeInputUndeclared = &Rule{
	Name:     "flake-input-undeclared",
	Group:    "flake",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an input is used that the flake does not declare",
	Why: "A parameter of `outputs` that is not among the `inputs`" + ` is looked up in the registry of flakes by its name, which
works for a few well-known flakes and for names that someone has registered on his own machine. ` + "`inputs.foo`" + ` fails
when it is evaluated if there is neither an input nor a parameter of that name.

Names that are locked or in the public registry are fine as parameters. Reading with a default, ` + "`inputs.foo or null`" + `,
and asking with ` + "`inputs ? foo`" + ` are fine too. In modules, ` + "`inputs`" + ` is looked at if hosts get the flake's own inputs by
that name.`,
	Bad: "-- flake.nix --\n{\n  inputs.disko.url = \"github:nix-community/disko\";\n" +
		"  outputs = inputs: {\n    inherit (inputs.diskoo) lib;\n  };\n}\n",
	Good: "-- flake.nix --\n{\n  inputs.disko.url = \"github:nix-community/disko\";\n" +
		"  outputs = inputs: {\n    inherit (inputs.disko) lib;\n  };\n}\n",
	Fix:  SometimesFix,
	Host: inputFormals.look,
	Repo: func(r *Repo) {
		f := r.Model.Flake()
		if f == nil || f.Outputs == nil {
			return
		}
		declared, formals := f.Names()
		r.undeclaredFormals(f, declared)
		names := slices.Concat(declared, formals, []string{"self"})
		// In flake.nix itself.
		if file := r.File(r.Model.Rel(f.Outputs.At().File)); file != nil {
			all := r.Names(file)
			lambda := parser.Lambda{Node: f.Outputs.At().Syntax()}
			whole := lambda.Param()
			if p, ok := lambda.Pattern(); ok {
				whole = p.At()
			}
			if whole.IsValid() {
				r.undeclaredReads(file, all.DefinitionAt(whole), lambda.Node, true, names)
			}
		}
		// In what makes the lists of modules.
		for _, e := range r.Model.Evaluations() {
			for _, imp := range e.Imports {
				err, failed := imp.Value.(*eval.Error)
				if failed && imp.Certain && err.Kind == eval.ErrorMissingAttr && err.Set != nil && r.Model.IsInputs(err.Set) && err.At.IsValid() {
					if file := r.File(r.Model.Rel(err.At.File)); file != nil {
						r.Report(undeclaredInput(file, err.At.Syntax(), err.Attr, names))
					}
				}
			}
		}
		// In the modules that get the inputs.
		seen := make(map[eval.Spot]bool)
		for list := range inputFormals.each(r) {
			for _, i := range list {
				if file := r.File(r.Model.Rel(i.formal.File)); file != nil && !seen[i.formal.Spot()] {
					seen[i.formal.Spot()] = true
					r.undeclaredReads(file, r.Names(file).DefinitionAt(nameOf(i.formal)), i.function.Lambda.At().Syntax(), i.function.Certain, names)
				}
			}
		}
	},
}

// inputFormal is a formal of a module that gets the flake's inputs.
type inputFormal struct {
	formal   eval.Place
	function *repo.Function
}

var inputFormals = &perHost[[]inputFormal]{func(r *Repo) (out []inputFormal) {
	for _, e := range r.Model.Evaluations() {
		for _, fn := range e.Functions {
			list, _, _ := fn.Lambda.Formals()
			for _, formal := range list {
				arg := e.Args.Get(formal.Name)
				if arg != nil && formal.At.IsValid() && r.Model.IsInputs(e.Evaluator().Force(arg.Value)) {
					out = append(out, inputFormal{formal.At, fn})
				}
			}
		}
	}
	return out
}}

// undeclaredFormals looks at the formals of outputs.
func (r *Repo) undeclaredFormals(f *repo.Flake, declared []string) {
	formals, _, _ := f.Outputs.Formals()
	for _, formal := range formals {
		if formal.Name == "self" || slices.Contains(declared, formal.Name) || slices.Contains(publicFlakes, formal.Name) {
			continue
		}
		if f.Lock != nil {
			if _, locked := f.Lock.Root.Inputs[formal.Name]; locked {
				continue
			}
		}
		file := r.File(r.Model.Rel(formal.At.File))
		if file == nil {
			continue
		}
		name := nameOf(formal.At)
		d := diagnostic.Diagnostic{
			File: file.Path, Span: name.Span(),
			Message: fmt.Sprintf("the flake has no input `%s`", formal.Name),
		}
		if !f.HasLock || f.Lock == nil {
			d.Severity = diagnostic.Warning // it may be known on this machine
		}
		unasked := slices.DeleteFunc(slices.Clone(declared), func(n string) bool {
			return slices.ContainsFunc(formals, func(o eval.Formal) bool { return o.Name == n })
		})
		near := repo.Nearest(formal.Name, unasked)
		def := r.Names(file).DefinitionAt(name)
		switch {
		case near != "":
			d.Help = fmt.Sprintf("did you mean `%s`?", near)
			d.Fix = r.renameFormal(lacking{formal: formal, function: &repo.Function{Lambda: f.Outputs}}, near)
		case def != scope.None && r.Names(file).Definitions()[def].Uses == 0:
			edit := removeFormal(parser.Formal{Node: name.Parent()})
			edit.File = file.Path
			d.Help = "it is not used"
			d.Fix = &diagnostic.Fix{Title: "remove the parameter", Edits: []diagnostic.Edit{edit}}
		default:
			d.Help = fmt.Sprintf("declare it: `inputs.%s.url = \"…\";`", formal.Name)
		}
		r.Report(d)
	}
}

// undeclaredReads looks at what is read of a variable that is the inputs, in a
// function that is certainly called or not.
func (r *Repo) undeclaredReads(file *repo.File, d scope.DefID, lambda parser.Node, called bool, inputs []string) {
	if d == scope.None {
		return
	}
	names := r.Names(file)
	for u := range names.UsesOf(d) {
		use := names.Tree().Node(names.Uses()[u].Node)
		for _, path := range readPaths(use) {
			key, static := parser.StaticName(path[0])
			if !static || slices.Contains(inputs, key) || asksWhether(names, d, key) {
				continue
			}
			found := undeclaredInput(file, path[0], key, inputs)
			if !called || !needed(names, path[0], lambda) {
				found.Severity = diagnostic.Warning
			}
			r.Report(found)
		}
	}
}

// undeclaredInput is the finding of a name that is none of the inputs.
func undeclaredInput(file *repo.File, name parser.Node, key string, inputs []string) diagnostic.Diagnostic {
	found := diagnostic.Diagnostic{
		File: file.Path, Span: name.Span(),
		Message: fmt.Sprintf("the flake has no input `%s`", key),
	}
	near := repo.Nearest(key, inputs)
	if near == "" || near == "self" {
		found.Help = fmt.Sprintf("declare it in flake.nix: `inputs.%s.url = \"…\";`", key)
		return found
	}
	found.Help = fmt.Sprintf("did you mean `%s`?", near)
	if name.Is(parser.KindName) && name.Parent().Is(parser.KindAttrPath) {
		found.Fix = &diagnostic.Fix{
			Title: fmt.Sprintf("replace `%s` by `%s`", key, near),
			Edits: []diagnostic.Edit{{File: file.Path, Span: found.Span, Text: near}},
		}
	}
	return found
}

// publicFlakes are the names in the registry that Nix asks where none else is
// set. Source: flake-registry.json of NixOS/flake-registry.
var publicFlakes = []string{
	"agda", "agenix", "arion", "blender-bin", "bundlers", "cachix", "composable", "disko", "dreampkgs", "dwarffs", "emacs-overlay",
	"fenix", "flake-parts", "flake-utils", "gemini", "helix", "hercules-ci-agent", "hercules-ci-effects", "home-manager", "hydra",
	"mach-nix", "ngipkgs", "nickel", "nix", "nix-darwin", "nix-serve", "nimble", "nixops", "nixos-anywhere", "nixos-hardware",
	"nixos-homepage", "nixos-search", "nixpkgs", "nur", "patchelf", "poetry2nix", "pridefetch", "sops-nix", "systems", "templates",
}
