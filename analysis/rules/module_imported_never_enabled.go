package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
)

var moduleImportedNeverEnabled = &Rule{
	Name:     "module-imported-never-enabled",
	Group:    "modules",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "a module is imported, and no host that gets it so enables it",
	Why: `A module of which all that it does depends on its ` + "`enable`" + ` option does nothing until a host sets that option. Either the definition was
forgotten, or the import is left over.

The rule looks at each place where a module is imported: one that a function for all hosts imports is fine as soon as one of them
enables it. It is silent where the value of the option is not known, and about modules that import others or do anything else.`,
	Bad: "-- flake.nix --\n" + exampleUnread + "-- host.nix --\n{\n  imports = [ ./backup.nix ];\n}\n" + exampleSwitch,
	Good: "-- flake.nix --\n" + exampleUnread + "-- host.nix --\n{\n  imports = [ ./backup.nix ];\n  modules.backup.enable = true;\n}\n" +
		exampleSwitch,
	Fix:  NoFix,
	Host: switchedImports.look,
	Repo: func(r *Repo) {
		if !r.allHostsKnown() || r.anyBroken() {
			return
		}
		handedOut := r.handedOut()
		off := make(map[place][]string) // the option that is off wherever it is imported; nil if one is not
		var order []place
		for imports := range switchedImports.each(r) {
			for _, imp := range imports {
				if handedOut[imp.at.file] {
					continue
				}
				path, seen := off[imp.at]
				if !seen {
					order = append(order, imp.at)
				}
				if !seen || path != nil {
					off[imp.at] = imp.off
				}
			}
		}
		for _, at := range order {
			if path := off[at]; path != nil {
				r.Report(diagnostic.Diagnostic{
					File: at.file, Span: at.span, Tags: diagnostic.Unnecessary,
					Message: fmt.Sprintf("no host that gets this module sets `%s`: it does nothing", shownOption(path)),
				})
			}
		}
	},
}

// switchedImport is a place where a module is imported, and the option that is off, so
// that it does nothing there; nil if it may do something.
type switchedImport struct {
	at  place
	off []string
}

var switchedImports = &perHost[[]switchedImport]{func(r *Repo) (out []switchedImport) {
	index := make(map[eval.Spot]int)
	for _, e := range r.Model.Evaluations() {
		switches := make(map[*module.Module][][]string)
		for _, o := range e.Config.Declared() {
			if isSwitch(o.Path) && ownPath(e.Config, o.Path) != nil && len(o.Declarations) == 1 {
				m := o.Declarations[0].Module
				switches[m] = append(switches[m], o.Path)
			}
		}
		for _, imp := range importsOf(e.Config) {
			file := ""
			if imp.At.IsValid() {
				file = r.Model.Rel(imp.At.File)
			}
			if r.File(file) == nil || imp.Module == nil || !r.Model.Own(imp.Module.File) {
				continue
			}
			i, seen := index[imp.At.Spot()]
			if !seen {
				i = len(out)
				index[imp.At.Spot()] = i
				out = append(out, switchedImport{at: place{file, imp.At.Span()}})
			}
			s := switches[imp.Module]
			if (!seen || out[i].off != nil) && len(s) == 1 && r.isOff(e.Config, imp.Module, s[0]) {
				out[i].off = s[0]
			} else {
				out[i].off = nil
			}
		}
	}
	return out
}}

// exampleSwitch is a module that does nothing until it is enabled.
const exampleSwitch = `-- backup.nix --
{ lib, config, ... }:
{
  options.modules.backup.enable = lib.mkEnableOption "backups";
  config = lib.mkIf config.modules.backup.enable {
    services.cron.enable = true;
  };
}
`

// importsOf lists all imports of an evaluation.
func importsOf(e *module.Evaluation) []*module.Import {
	out := append([]*module.Import(nil), e.Imports...)
	for _, m := range e.Modules {
		if !m.IsStub() {
			out = append(out, m.Imports...)
		}
	}
	return out
}

// isOff reports whether a module certainly does nothing since its switch is
// off.
func (r *Repo) isOff(e *module.Evaluation, m *module.Module, path []string) bool {
	o, rest := e.Option(path[len(e.Input.Prefix):]...)
	if o == nil || len(rest) > 0 || o.MaySet() || o.Value() != eval.Value(eval.Bool(false)) || !m.Certain || len(m.Imports) > 0 {
		return false
	}
	config := m.Attrs.Get("config")
	return config != nil && m.Attrs.Rest == nil && isIdle(e.Evaluator(), config.Value, 0)
}

// isIdle reports whether all that a definition sets stands under conditions that
// certainly do not hold.
func isIdle(ev *eval.Evaluator, t *eval.Thunk, depth int) bool {
	a, ok := ev.Force(t).(*eval.Attrs)
	if !ok || depth > 8 {
		return false
	}
	kind := a.Get("_type")
	if kind == nil {
		return len(a.Entries) == 0 && a.Rest == nil
	}
	switch ev.Force(kind.Value) {
	case eval.Value(eval.String("if")):
		cond := a.Get("condition")
		return cond != nil && ev.Force(cond.Value) == eval.Value(eval.Bool(false))
	case eval.Value(eval.String("merge")):
		contents := a.Get("contents")
		if contents == nil {
			return false
		}
		l, ok := ev.Force(contents.Value).(*eval.List)
		if !ok || l.More != nil {
			return false
		}
		for _, part := range l.Elems {
			if !isIdle(ev, part, depth+1) {
				return false
			}
		}
		return true
	}
	return false
}
