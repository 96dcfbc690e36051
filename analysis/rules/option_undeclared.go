package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var optionUndeclared = &Rule{
	Name:     "option-undeclared",
	Group:    "options",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an option is set that no module declares",
	Why: `Nix refuses a definition of an option that none of the imported modules declares, even under a condition that does not hold.
The rule looks at options of the repository: below a name such as ` + "`" + `modules` + "`" + ` under which all options are its own, in submodules, and
where the sources of all inputs are at hand. Options of inputs that are not at hand are left alone. Where only some are at hand, a name
beside options of those that differs from one of them by a letter is a warning. The first name of an option is found if it is nearly one of the
repository's or of NixOS' own, and below names of NixOS an option that a module of the repository declares, which the host does not import.`,
	Bad:  "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{\n  modules.backup.enabel = true;\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{\n  modules.backup.enable = true;\n}\n",
	Fix:  SometimesFix,
	Host: func(r *Repo) {
		r.misspeltRoots()
		ownOptions.look(r)
	},
	Repo: func(r *Repo) {
		r.optionsOfOthers()
		r.problems(module.Undeclared, func(p repo.Problem) {
			if p.Open && !misspelt(p) {
				return
			}
			d := r.problem(p)
			d.Message = fmt.Sprintf("option `%s` does not exist on %s", shownOption(p.Path), where(p))
			r.suggestOption(&d, p)
			r.Report(d)
		})
	},
}

// misspelt reports whether the name of an option is that of another but for one
// letter.
func misspelt(p repo.Problem) bool {
	const shortest = 4
	last := len(p.Path) - 1
	near := repo.Nearest(p.Path[last], p.Evaluation.Names(p.Path[len(p.Evaluation.Input.Prefix):last]...))
	return near != "" && len(p.Path[last]) >= shortest && repo.EditDistance(p.Path[last], near) == 1
}

// suggestOption fills in which option was probably meant, or which module to
// import.
func (r *Repo) suggestOption(d *diagnostic.Diagnostic, p repo.Problem) {
	last := len(p.Path) - 1
	inside := p.Path[len(p.Evaluation.Input.Prefix):last]
	if near := repo.Nearest(p.Path[last], p.Evaluation.Names(inside...)); near != "" {
		d.Help = fmt.Sprintf("did you mean `%s`?", near)
		if p.At.Syntax().Is(parser.KindName) {
			d.Fix = &diagnostic.Fix{
				Title: fmt.Sprintf("replace `%s` by `%s`", p.Path[last], near),
				Edits: []diagnostic.Edit{{File: d.File, Span: d.Span, Text: near}},
			}
		}
		return
	}
	if file := r.declarer(p); file != "" {
		d.Help = fmt.Sprintf("`%s` declares it, and is not imported by %s", file, where(p))
		for _, reg := range r.registries() {
			for _, entry := range reg.Entries {
				if r.ModuleFile(entry.Target) == file {
					d.Help = fmt.Sprintf("import `%s`, which declares it: %s does not", entry.Path(), where(p))
					return
				}
			}
		}
		return
	}
	if names := p.Evaluation.Names(inside...); len(names) > 0 && len(names) <= 12 {
		d.Help = fmt.Sprintf("`%s` has `%s`", shownOption(p.Path[:last]), strings.Join(names, "`, `"))
	}
}

// declarer returns the file of another evaluation that declares an option.
func (r *Repo) declarer(p repo.Problem) string {
	return r.declarerOf(p.Path[len(p.Evaluation.Input.Prefix):], p.Evaluation)
}

// declarerOf returns the file by which an evaluation other than the one given
// has an option or options below a path, or else one that is written to declare it.
func (r *Repo) declarerOf(path []string, but *module.Evaluation) string {
	for _, e := range r.Model.Evaluations() {
		if e.Config == but {
			continue
		}
		o, _ := e.Config.Option(path...)
		var declarations []module.Declaration
		if o != nil {
			declarations = o.Declarations
		} else if below := e.Config.Declared(path...); len(below) > 0 {
			declarations = below[0].Declarations
		}
		for _, d := range declarations {
			if d.At.IsValid() && r.File(r.Model.Rel(d.At.File)) != nil && !d.Module.IsStub() {
				return r.Model.Rel(d.At.File)
			}
		}
	}
	return r.writtenOptions()[strings.Join(path, ".")]
}

// writtenOptions returns the files that declare options and sets of options, by
// their paths, as far as these are written out: also files that no host imports.
func (r *Repo) writtenOptions() map[string]string {
	if r.written != nil {
		return r.written
	}
	r.written = make(map[string]string)
	for _, f := range r.All() {
		for id := range f.Tree.NodeCount() {
			n := f.Tree.Node(parser.NodeID(id))
			if !n.Is(parser.KindBinding) {
				continue
			}
			path := symbol.BindingPath(n)
			if len(path) < 2 || path[0] != "options" {
				continue
			}
			for i := 2; i <= len(path); i++ {
				if key := strings.Join(path[1:i], "."); r.written[key] == "" {
					r.written[key] = f.Path
				}
			}
		}
	}
	return r.written
}
