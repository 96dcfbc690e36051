package rules

import (
	"fmt"
	"path"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var hostDirectoryMissing = &Rule{
	Name:     "host-directory-missing",
	Group:    "meta",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a host is built from a folder that does not exist",
	Why: "A builder of hosts imports the folder of the host by its name: `\"${inputs.self}/hosts/${hostname}\"`" + `. Without that folder, or
without ` + "`default.nix`" + ` in it, the host does not evaluate. The finding stands where the name is given, not in the builder,
which serves all hosts.

The name may be misspelt, or the folder is still to be made; the fix makes it with an empty module.`,
	Bad:  "-- flake.nix --\n" + exampleBuilder("desk", "dsk") + "-- hosts/desk/default.nix --\n{ }\n",
	Good: "-- flake.nix --\n" + exampleBuilder("desk", "desk") + "-- hosts/desk/default.nix --\n{ }\n",
	Fix:  SometimesFix,
	Host: func(r *Repo) {
		for _, h := range r.Model.Hosts {
			for _, imp := range h.System.Imports {
				if r.lacksHostFolder(h, imp) {
					r.missingHost(h, imp)
				}
			}
		}
	},
}

// exampleBuilder is a small flake with a builder of hosts, and a host.
func exampleBuilder(attr, hostname string) string {
	return `{
  outputs = { self, nixpkgs }:
    let
      mkHost = hostname: nixpkgs.lib.nixosSystem {
        specialArgs.meta = { inherit hostname; };
        modules = [ "${self}/hosts/${hostname}" ];
      };
    in
    {
      nixosConfigurations.` + attr + ` = mkHost "` + hostname + `";
    };
}
`
}

// lacksHostFolder reports whether an import is that of a host's own folder,
// named by a variable, and leads to nothing.
func (r *Repo) lacksHostFolder(h *repo.Host, imp *repo.Import) bool {
	if imp.Target != "" || !imp.At.IsValid() || !r.isHostFolder(h, imp) || r.Ignored(imp.Path) {
		return false
	}
	node := parser.Unparen(imp.At.Syntax())
	return (node.Is(parser.KindString) || node.Is(parser.KindPath)) && hasVariable(node) || node.Is(parser.KindBinary)
}

func (r *Repo) missingHost(h *repo.Host, imp *repo.Import) {
	at := h.At
	for _, f := range r.hostNames(h) {
		if f.from.IsValid() && f.from.Syntax().Is(parser.KindString) {
			at = f.from
		}
	}
	if !at.IsValid() {
		at = imp.At
	}
	file := imp.Path + "/default.nix"
	d := diagnostic.Diagnostic{
		File: r.Model.Rel(at.File), Span: at.Span(),
		Message: fmt.Sprintf("host `%s` is built from `%s`, which does not exist", h.Name, imp.Path),
		Related: r.related(imp.At, "it is imported here"),
	}
	if r.Entry(imp.Path) == repo.DirEntry {
		d.Message = fmt.Sprintf("host `%s` is built from `%s`, which has no `default.nix`", h.Name, imp.Path)
	}
	var names []string
	for p := range r.Paths() {
		if dir := path.Dir(p); path.Base(p) == "default.nix" && path.Dir(dir) == path.Dir(imp.Path) {
			names = append(names, path.Base(dir))
		}
	}
	if near := repo.Nearest(path.Base(imp.Path), names); near != "" {
		d.Help = fmt.Sprintf("did you mean `%s`?", near)
		if node := at.Syntax(); node.Is(parser.KindString) && node.Text() == `"`+path.Base(imp.Path)+`"` {
			d.Fix = &diagnostic.Fix{
				Title: fmt.Sprintf("replace by `%s`", near),
				Edits: []diagnostic.Edit{{File: d.File, Span: d.Span, Text: `"` + near + `"`}},
			}
		}
	} else {
		d.Help = fmt.Sprintf("create `%s`", file)
		d.Fix = &diagnostic.Fix{
			Title: fmt.Sprintf("create an empty `%s`", file),
			Edits: []diagnostic.Edit{{File: file, Text: "# " + path.Base(imp.Path) + "\n{\n  imports = [ ];\n}\n", Create: true}},
		}
	}
	r.Report(d)
}
