package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
)

// exampleOption is a flake whose host declares an option, for examples.
const exampleOption = `{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.host = nixpkgs.lib.nixosSystem { modules = [ ./options.nix ./host.nix ]; };
  };
}
-- options.nix --
{ lib, ... }:
{
  options.modules.backup = {
    enable = lib.mkEnableOption "backups";
    target = lib.mkOption {
      type = lib.types.enum [ "disk" "cloud" ];
      default = "disk";
      description = "Where backups go.";
    };
    keep = lib.mkOption {
      type = lib.types.int;
      default = 7;
      description = "How many are kept.";
    };
  };
}
`

// problems calls f for the problems of a kind in all hosts, whose place is in
// the repository. One in a file that several hosts import comes once for each.
func (r *Repo) problems(kind module.ProblemKind, f func(p repo.Problem)) {
	for _, p := range r.Model.Problems() {
		if p.Kind == kind && p.At.IsValid() && r.File(r.Model.Rel(p.At.File)) != nil {
			f(p)
		}
	}
}

// problem makes the finding of a problem. One that depends on something
// unknown is a warning.
func (r *Repo) problem(p repo.Problem) diagnostic.Diagnostic {
	d := diagnostic.Diagnostic{File: r.Model.Rel(p.At.File), Span: p.At.Span(), Message: strings.Replace(p.Message, module.ShowOption(p.Path), shownOption(p.Path), 1)}
	if !p.Certain {
		d.Severity = diagnostic.Warning
	}
	return d
}

// shownOption writes the path of an option as modules write it: without the way
// to the specialisation and the home that it belongs to.
func shownOption(path []string) string {
	if len(path) > 3 && path[0] == "specialisation" && path[2] == "configuration" {
		path = path[3:]
	}
	if len(path) > 3 && path[0] == "home-manager" && path[1] == "users" {
		path = path[3:]
	}
	return module.ShowOption(path)
}

// declaredAt makes related places of an option's declarations.
func (r *Repo) declaredAt(o *module.Option) (out []diagnostic.Related) {
	if o == nil {
		return nil
	}
	for _, d := range o.Declarations {
		if d.At.IsValid() && r.File(r.Model.Rel(d.At.File)) != nil {
			out = append(out, r.related(d.At, "the option is declared here")...)
		}
	}
	return out
}

// where says of which host, and of which user's home, a problem is.
func where(p repo.Problem) string {
	if len(p.Path) > 2 && p.Path[0] == "home-manager" && p.Path[1] == "users" {
		return fmt.Sprintf("the home of `%s` on `%s`", p.Path[2], p.Host.Name)
	}
	if p.Host.Class() == repo.ClassHome {
		return fmt.Sprintf("the home `%s`", p.Host.Name)
	}
	return fmt.Sprintf("host `%s`", p.Host.Name)
}

// relatedPlaces makes related places of places in the repository.
func (r *Repo) relatedPlaces(places []eval.Place, message string) (out []diagnostic.Related) {
	for _, at := range places {
		if at.IsValid() && r.File(r.Model.Rel(at.File)) != nil && !slices.ContainsFunc(out, func(d diagnostic.Related) bool {
			return d.File == r.Model.Rel(at.File) && d.Span == at.Span()
		}) {
			out = append(out, r.related(at, message)...)
		}
	}
	return out
}
