package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var modulePathUnresolved = &Rule{
	Name:     "module-path-unresolved",
	Group:    "modules",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a module is imported by a name that the registry does not have",
	Why: `In the import-based pattern modules are named through a registry that the flake hands to every module, as in
` + "`imports = [ modules.nixos.hardware.nvidia ];`" + `. A name that is not in it stops the evaluation of every host that
imports the file. nixlint evaluates the flake to know the registry, so it does not matter how the registry is
written or what its argument is called.`,
	Bad: "-- flake.nix --\n" + exampleFlake + "-- host.nix --\n{ modules, ... }:\n{\n  imports = [ modules.nixos.nvidai ];\n}\n" +
		"-- nvidia.nix --\n{ }\n",
	Good: "-- flake.nix --\n" + exampleFlake + "-- host.nix --\n{ modules, ... }:\n{\n  imports = [ modules.nixos.nvidia ];\n}\n" +
		"-- nvidia.nix --\n{ }\n",
	Fix: SometimesFix,
	Host: func(r *Repo) {
		for _, e := range r.Model.Evaluations() {
			for _, imp := range e.Imports {
				if !imp.Certain {
					continue
				}
				switch v := imp.Value.(type) {
				case *eval.Error:
					if v.Kind == eval.ErrorMissingAttr {
						r.unresolved(e, v)
					}
				case *eval.Attrs:
					r.manyModules(e, imp, v)
				}
			}
		}
	},
}

// exampleFlake is the smallest flake with a registry.
const exampleFlake = `{
  outputs = { self, nixpkgs }: {
    nixosConfigurations.host = nixpkgs.lib.nixosSystem {
      specialArgs.modules.nixos.nvidia = "${self}/nvidia.nix";
      modules = [ ./host.nix ];
    };
  };
}
`

// unresolved reports an attribute that is missing from a set of a registry.
func (r *Repo) unresolved(e *repo.Evaluation, err *eval.Error) {
	if !err.At.IsValid() {
		return
	}
	for _, reg := range r.Model.Registries(e) {
		key, at, ok := reg.Lookup(err.Set)
		if !ok {
			continue
		}
		name := err.At.Syntax()
		set := strings.Join(key, ".")
		d := diagnostic.Diagnostic{
			File: r.Model.Rel(err.At.File), Span: name.Span(),
			Message: fmt.Sprintf("`%s.%s` is not in the module registry", set, err.Attr),
			Related: r.related(at, fmt.Sprintf("`%s` is defined here", set)),
		}
		r.suggestKey(&d, reg, key, err, name)
		r.Report(d)
		return
	}
}

// manyModules reports a set of a registry that is imported as if it were one of the
// modules in it.
func (r *Repo) manyModules(e *repo.Evaluation, imp *repo.Import, set *eval.Attrs) {
	file := r.Model.Rel(imp.At.File)
	if !imp.At.IsValid() || r.File(file) == nil || set.Get("imports") != nil || set.Get("_file") != nil {
		return // a module after all
	}
	for _, reg := range r.Model.Registries(e) {
		key, at, ok := reg.Lookup(set)
		if !ok {
			continue
		}
		name := strings.Join(key, ".")
		r.Report(diagnostic.Diagnostic{
			File: file, Span: imp.At.Span(),
			Message: fmt.Sprintf("`%s` is a set of modules, not a module", name),
			Help:    fmt.Sprintf("name those of them that are wanted: it has `%s`", strings.Join(set.Names(), "`, `")),
			Related: r.related(at, fmt.Sprintf("`%s` is defined here", name)),
		})
		return
	}
}

// suggestKey fills in what was probably meant.
func (r *Repo) suggestKey(d *diagnostic.Diagnostic, reg *repo.Registry, key []string, err *eval.Error, name parser.Node) {
	if near := repo.Nearest(err.Attr, err.Set.Names()); near != "" {
		d.Help = fmt.Sprintf("did you mean `%s`?", near)
		d.Fix = &diagnostic.Fix{
			Title: fmt.Sprintf("replace `%s` by `%s`", err.Attr, near),
			Edits: []diagnostic.Edit{{File: d.File, Span: name.Span(), Text: near}},
		}
		return
	}
	for _, entry := range reg.Entries {
		if entry.Key[len(entry.Key)-1] == err.Attr {
			d.Help = fmt.Sprintf("there is `%s`", entry.Path())
			return
		}
	}
	if folder := reg.Folder(key...); folder != "" {
		for _, p := range []string{folder + "/" + kebab(err.Attr), folder + "/" + kebab(err.Attr) + ".nix"} {
			if r.ModuleFile(p) != "" {
				d.Help = fmt.Sprintf("`%s` exists and is not registered", p)
				return
			}
		}
	}
	if names := err.Set.Names(); len(names) > 0 && len(names) <= 12 {
		d.Help = fmt.Sprintf("`%s` has `%s`", strings.Join(key, "."), strings.Join(names, "`, `"))
	}
}

// kebab writes a camelCase name as file names are written.
func kebab(name string) string {
	var b strings.Builder
	for i, c := range name {
		if 'A' <= c && c <= 'Z' {
			if i > 0 {
				b.WriteByte('-')
			}
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	return b.String()
}
