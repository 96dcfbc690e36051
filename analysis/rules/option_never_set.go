package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
)

var optionNeverSet = &Rule{
	Name:     "option-never-set",
	Group:    "options",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "an option is declared and no host sets it",
	Why: `An option that has its default everywhere is a constant with a long name: it may be left over, or wait for a host that needs it.

Any definition counts, whatever condition it stands under. The rule is silent if a host imports modules that cannot be known, about
options below names that NixOS or home-manager have, about internal and read-only ones, and about those of modules that are never
enabled, which ` + "`module-imported-never-enabled`" + ` finds. Modules that the flake hands out are for others to set.`,
	Bad: "-- flake.nix --\n" + exampleUnread + "-- host.nix --\n{ lib, config, ... }:\n{\n  options.modules.speed = lib.mkOption {\n    default = 1;\n" +
		"    description = \"How fast.\";\n  };\n  config.boot.kernelParams = [ \"speed=${toString config.modules.speed}\" ];\n}\n",
	Good: "-- flake.nix --\n" + exampleUnread + "-- host.nix --\n{ lib, config, ... }:\n{\n  options.modules.speed = lib.mkOption {\n    default = 1;\n" +
		"    description = \"How fast.\";\n  };\n  config.modules.speed = 2;\n  config.boot.kernelParams = [ \"speed=${toString config.modules.speed}\" ];\n}\n",
	Fix:  NoFix,
	Host: settableOptions.look,
	Repo: func(r *Repo) {
		if !r.allHostsKnown() || r.anyBroken() {
			return
		}
		handedOut := r.handedOut()
		seen := make(map[place]bool)
		for on := range settableOptions.each(r) {
			for _, o := range on.unset {
				if seen[o.at] {
					continue
				}
				seen[o.at] = true
				if !handedOut[o.at.file] && !settableOptions.any(r, func(on settableOnHost) bool { return on.quiet[o.at] }) {
					r.Report(diagnostic.Diagnostic{
						File: o.at.file, Span: o.at.span,
						Message: fmt.Sprintf("no host sets the option `%s`", shownOption(o.path)),
					})
				}
			}
		}
	},
}

// settableOnHost are the options that a host might set and does not, and the places of the
// declarations of which nothing is to be said, since it sets the option or need not.
type settableOnHost struct {
	unset []declaredOption
	quiet map[place]bool
}

var settableOptions = &perHost[settableOnHost]{func(r *Repo) settableOnHost {
	out := settableOnHost{quiet: make(map[place]bool)}
	for _, e := range r.Model.Evaluations() {
		for _, o := range e.Config.Declared() {
			quiet := o.MaySet() || o.Flag("internal") || o.Flag("readOnly") || o.IsHidden() ||
				o.Attrs.Get("renamedTo") != nil || o.Attrs.Get("removed") != nil || ownPath(e.Config, o.Path) == nil ||
				isSwitch(o.Path) || isSwitchedOff(e.Config, o)
			for _, d := range o.Declarations {
				if !d.At.IsValid() || r.File(r.Model.Rel(d.At.File)) == nil {
					continue
				}
				if at := (place{r.Model.Rel(d.At.File), d.At.Span()}); quiet {
					out.quiet[at] = true
				} else {
					out.unset = append(out.unset, declaredOption{at, o.Path})
				}
			}
		}
	}
	return out
}}

// anyBroken reports whether modules are missing in an evaluation since their
// import failed.
func (r *Repo) anyBroken() bool {
	for _, e := range r.Model.Evaluations() {
		if e.Config.Broken {
			return true
		}
	}
	return false
}

// handedOut returns the files that the flake hands out as modules, with those
// they import where an evaluation shows it.
func (r *Repo) handedOut() map[string]bool {
	out := make(map[string]bool)
	var follow func(m *module.Module)
	follow = func(m *module.Module) {
		for _, imp := range m.Imports {
			if file := r.Model.RelFile(imp.Target); file != "" && !out[file] {
				out[file] = true
				if imp.Module != nil {
					follow(imp.Module)
				}
			}
		}
	}
	for _, reg := range r.registries() {
		if isHandedOut(reg) {
			for _, entry := range reg.Entries {
				out[r.ModuleFile(entry.Target)] = true
			}
		}
	}
	if len(out) == 0 {
		return out
	}
	for _, e := range r.Model.Evaluations() {
		for _, m := range e.Config.Modules {
			if out[r.Model.RelFile(m.File)] {
				follow(m)
			}
		}
	}
	return out
}

// ownPath returns the path of an option inside its evaluation, or nil if it is
// below a name that modules of NixOS or home-manager have.
func ownPath(e *module.Evaluation, path []string) []string {
	path = path[len(e.Input.Prefix):]
	if len(path) == 0 || module.IsUpstream(path[0]) || path[0] == "_module" {
		return nil
	}
	return path
}

// isSwitch reports whether an option's name says that it enables something.
func isSwitch(path []string) bool { return path[len(path)-1] == "enable" }

// isSwitchedOff reports whether an option stands beside, or below, one that
// enables it and that no module sets.
func isSwitchedOff(e *module.Evaluation, o *module.Option) bool {
	path := o.Path[len(e.Input.Prefix):]
	for n := len(path) - 1; n > 0; n-- {
		enable, rest := e.Option(append(path[:n:n], "enable")...)
		if enable != nil && len(rest) == 0 && !enable.MaySet() {
			return true
		}
	}
	return false
}

// isHandedOut reports whether a registry is one of the outputs by which the flake
// hands out modules.
func isHandedOut(reg *repo.Registry) bool { return strings.HasPrefix(reg.Name, "self.") }
