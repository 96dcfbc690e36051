package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// misspeltRoots reports definitions whose first name no module declares, and which is
// nearly one that the repository or NixOS has: `moduels.vfio`, `enviroment.etc`.
func (r *Repo) misspeltRoots() {
	for _, h := range r.Model.Hosts {
		for _, e := range h.Evaluations() {
			if e.Unsure || e.Config.Broken || e.Config.HasFreeform() {
				continue
			}
			declared := e.Config.Names()
			for _, root := range e.Config.Roots() {
				if _, found := slices.BinarySearch(declared, root); found || module.IsUpstream(root) {
					continue
				}
				near := nearName(root, declared)
				if near == "" {
					near = nearName(root, module.Upstream())
				}
				if near != "" {
					r.misspeltRoot(h, e, root, near)
				}
			}
		}
	}
}

func (r *Repo) misspeltRoot(h *repo.Host, e *repo.Evaluation, root, near string) {
	defs, _ := r.Model.Definitions(e, root)
	for _, d := range defs {
		file := ""
		if d.At.IsValid() {
			file = r.Model.Rel(d.At.File)
		}
		if r.File(file) == nil || !isWritten(d.At, []string{root}) {
			continue
		}
		found := diagnostic.Diagnostic{
			File: file, Span: d.At.Span(),
			Message: fmt.Sprintf("option `%s` does not exist on %s", root, ofEvaluation(h, e)),
			Help:    fmt.Sprintf("did you mean `%s`?", near),
		}
		if n := d.At.Syntax(); n.Is(parser.KindName) {
			found.Fix = &diagnostic.Fix{
				Title: fmt.Sprintf("replace `%s` by `%s`", root, near),
				Edits: []diagnostic.Edit{{File: file, Span: found.Span, Text: near}},
			}
		}
		if !d.Module.Certain || !r.Model.Arguments(h, e).Sure {
			found.Severity = diagnostic.Warning
		}
		r.Report(found)
	}
}

// ownOption is an option that a module of the repository declares below a name of NixOS.
type ownOption struct {
	path []string
	home bool   // of a home, not of a system
	file string // that declares it
}

// ownOptions lists those of each host.
var ownOptions = &perHost[[]ownOption]{func(r *Repo) (out []ownOption) {
	seen := make(map[string]bool)
	for _, h := range r.Model.Hosts {
		for _, e := range h.Evaluations() {
			if disabled, _ := r.Model.Definitions(e, "disabledModules"); len(disabled) > 0 || disables(e) {
				continue // what it declares may be NixOS' own
			}
			for _, o := range e.Config.Declared() {
				path := o.Path[len(e.Config.Input.Prefix):]
				if len(path) < 2 || o.IsStub() || !module.IsUpstream(path[0]) {
					continue
				}
				// What NixOS declares has a description, and may have only one.
				at := o.Declarations[0].At
				if len(o.Declarations) != 1 || o.Attrs.Get("description") == nil || !at.IsValid() || r.File(r.Model.Rel(at.File)) == nil {
					continue
				}
				key := fmt.Sprint(e.User == "", strings.Join(path, "\x00"))
				if !seen[key] {
					seen[key] = true
					out = append(out, ownOption{path, e.User != "", r.Model.Rel(at.File)})
				}
			}
		}
	}
	return out
}}

// disables reports whether a module of an evaluation takes others out.
func disables(e *repo.Evaluation) bool {
	return slices.ContainsFunc(e.Modules, func(m *repo.Module) bool {
		return m.Attrs.Get("disabledModules") != nil || m.Attrs.Rest != nil && m.File == ""
	})
}

// optionsOfOthers reports options below names of NixOS that the modules of other hosts
// declare, where a host sets them without these modules.
func (r *Repo) optionsOfOthers() {
	var options []ownOption
	seen := make(map[string]bool) // that of the first host says it for all
	for of := range ownOptions.each(r) {
		for _, o := range of {
			if key := fmt.Sprint(o.home, o.file, "\x00", strings.Join(o.path, "\x00")); !seen[key] {
				seen[key] = true
				options = append(options, o)
			}
		}
	}
	for _, o := range options {
		for _, h := range r.Model.Hosts {
			for _, e := range h.Evaluations() {
				if o.home == (e.User != "") && !e.Unsure && !e.Config.Broken && !e.Config.HasFreeform() {
					r.optionOfOther(h, e, o)
				}
			}
		}
	}
}

func (r *Repo) optionOfOther(h *repo.Host, e *repo.Evaluation, o ownOption) {
	if declared, _ := e.Config.Option(o.path...); declared != nil || !e.Config.IsOpen(o.path...) {
		return
	}
	defs, _ := r.Model.Definitions(e, o.path...)
	for _, d := range defs {
		at := d.At
		if !at.IsValid() || r.File(r.Model.Rel(at.File)) == nil || !isWritten(at, o.path) || isUnknown(d.Value) {
			continue
		}
		found := diagnostic.Diagnostic{
			File: r.Model.Rel(at.File), Span: at.Span(),
			Message: fmt.Sprintf("option `%s` does not exist on %s", module.ShowOption(o.path), ofEvaluation(h, e)),
			Help:    fmt.Sprintf("`%s` declares it, and is not imported", o.file),
		}
		for _, reg := range r.Model.Registries(e) {
			for _, entry := range reg.Entries {
				if r.ModuleFile(entry.Target) == o.file {
					found.Help = fmt.Sprintf("import `%s`, which declares it", entry.Path())
				}
			}
		}
		if !d.Module.Certain || !r.Model.Arguments(h, e).Sure {
			found.Severity = diagnostic.Warning
		}
		r.Report(found)
	}
}

func isUnknown(v eval.Value) bool {
	_, ok := v.(*eval.Unknown)
	return ok
}
