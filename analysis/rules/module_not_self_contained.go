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

var moduleNotSelfContained = &Rule{
	Name:     "module-not-self-contained",
	Group:    "modules",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a registered module needs options of another one that it does not import",
	Why: `A module of the registry that reads or sets an option of the repository which neither it nor its imports declare works only
beside the module that does. It fails as soon as a host imports it alone.

Modules that all hosts have are taken for granted, and so are reads with a default. The rule is silent about files that ask which
options there are, about modules that no host imports, and where a host imports modules that cannot be known.`,
	Bad: "-- flake.nix --\n" + exampleParts + "-- speaker.nix --\n{ config, ... }:\n{\n  networking.hostName = config.modules.sound.name;\n}\n",
	Good: "-- flake.nix --\n" + exampleParts + "-- speaker.nix --\n{ config, modules, ... }:\n{\n  imports = [ modules.sound ];\n" +
		"  networking.hostName = config.modules.sound.name;\n}\n",
	Fix:  NoFix,
	Host: neededModules.look,
	Repo: func(r *Repo) {
		if !r.allHostsKnown() || r.anyBroken() {
			return
		}
		registered := make(map[string]string) // the key of a file
		for _, reg := range r.registries() {
			for _, entry := range reg.Entries {
				if file := r.ModuleFile(entry.Target); file != "" && registered[file] == "" {
					registered[file] = entry.Path()
				}
			}
		}
		all := make(map[string]map[string]bool) // the files that all evaluations have, by class
		count := make(map[string]int)
		with := make(map[moduleOfClass]int) // how many evaluations of a class have a file
		for evaluations := range neededModules.each(r) {
			for _, e := range evaluations {
				count[e.class]++
				for file := range e.files {
					with[moduleOfClass{e.class, file}]++
				}
			}
		}
		for m, n := range with {
			if all[m.class] == nil {
				all[m.class] = make(map[string]bool)
			}
			all[m.class][m.file] = n == count[m.class]
		}
		for evaluations := range neededModules.each(r) {
			for _, e := range evaluations {
				for _, m := range e.modules {
					if key := registered[m.file]; key != "" && !all[e.class][m.absolute] {
						m.report(r, key, all[e.class])
					}
				}
			}
		}
	},
}

// moduleOfClass is a file among the modules of a class of evaluations.
type moduleOfClass struct{ class, file string }

// evaluationNeeds are the files of the modules of an evaluation, and what those modules
// need of others.
type evaluationNeeds struct {
	class   string
	files   map[string]bool // absolute
	modules []moduleNeeds
}

// moduleNeeds are the options that a module sets or reads and that others declare, which
// do not come with it.
type moduleNeeds struct {
	file, absolute string
	options        []neededOption
}

// neededOption is one of these.
type neededOption struct {
	option    *module.Option
	at        parser.Span
	verb      string
	declarer  string   // the file that declares it, relative to the root
	declarers []string // all of them, absolute
}

var neededModules = &perHost[[]evaluationNeeds]{func(r *Repo) (out []evaluationNeeds) {
	readers := make(map[readerFile][]moduleFunction)
	for _, fn := range moduleFunctions.of(r.views[0]) {
		if len(fn.foreign) > 0 {
			at := readerFile{fn.in, fn.file.Path}
			readers[at] = append(readers[at], fn)
		}
	}
	for _, e := range r.Model.Evaluations() {
		needs := evaluationNeeds{class: e.Config.Input.Class, files: make(map[string]bool)}
		sets := writtenBy(e)
		for _, m := range e.Config.Modules {
			needs.files[m.File] = true
			file := r.Model.RelFile(m.File)
			functions := readers[readerFile{e, file}]
			if len(sets[m]) == 0 && len(functions) == 0 || r.File(file) == nil || !m.Certain {
				continue
			}
			if options := r.neededOptions(e, m, file, sets[m], functions); len(options) > 0 {
				needs.modules = append(needs.modules, moduleNeeds{file, m.File, options})
			}
		}
		out = append(out, needs)
	}
	return out
}}

// readerFile is a file with modules of an evaluation, relative to the root.
type readerFile struct {
	in   *repo.Evaluation
	file string
}

// exampleParts is a flake with two hosts and a registry.
const exampleParts = `{
  outputs = { nixpkgs, ... }:
    let
      modules.sound = ./sound.nix;
      modules.speaker = ./speaker.nix;
      host = imports: nixpkgs.lib.nixosSystem {
        specialArgs = { inherit modules; };
        modules = imports;
      };
    in
    {
      nixosConfigurations.a = host [ modules.sound modules.speaker ];
      nixosConfigurations.b = host [ ];
    };
}
-- sound.nix --
{ lib, ... }:
{
  options.modules.sound.name = lib.mkOption {
    default = "loud";
    description = "Name of the speaker.";
  };
}
`

// optionWrite is a place where a module sets an option.
type optionWrite struct {
	option *module.Option
	at     eval.Place
}

// writtenBy lists what each module of an evaluation sets, of the options that the
// repository declares.
func writtenBy(e *repo.Evaluation) map[*module.Module][]optionWrite {
	out := make(map[*module.Module][]optionWrite)
	for _, o := range e.Config.Declared() {
		if o.IsStub() || ownPath(e.Config, o.Path) == nil {
			continue
		}
		for _, w := range o.Written() {
			if w.Module != nil && w.At.IsValid() {
				out[w.Module] = append(out[w.Module], optionWrite{o, w.At})
			}
		}
	}
	return out
}

// neededOptions lists the options that a module needs and that are declared by modules
// which do not come with it.
func (r *Repo) neededOptions(e *repo.Evaluation, m *module.Module, file string, sets []optionWrite, functions []moduleFunction) (out []neededOption) {
	own := make(map[*module.Module]bool)
	if !bringsAll(m, own) || asksForOptions.of(r, r.File(file)) {
		return nil
	}
	add := func(o *module.Option, at eval.Place, verb string) {
		n := neededOption{option: o, at: at.Span(), verb: verb}
		for _, d := range o.Declarations {
			n.declarer = r.Model.RelFile(d.Module.File)
			// A part that the declaring module brings is never alone.
			if own[d.Module] || n.declarer == "" || brings(d.Module, m) {
				return
			}
			n.declarers = append(n.declarers, d.Module.File)
		}
		path := ownPath(e.Config, o.Path)
		if path != nil && (verb == "sets" || !r.mentionsPresence(r.File(file), path[len(path)-1])) {
			out = append(out, n)
		}
	}
	for _, w := range sets {
		if r.Model.Rel(w.at.File) == file {
			add(w.option, w.at, "sets")
		}
	}
	readsOf(e, functions, add)
	return out
}

// report reports the options of which the declaring modules do not come with every host
// either, once for each of those modules.
func (m *moduleNeeds) report(r *Repo, key string, all map[string]bool) {
	reported := make(map[string]bool)
	for _, o := range m.options {
		if reported[o.declarer] || slices.ContainsFunc(o.declarers, func(file string) bool { return all[file] }) {
			continue
		}
		reported[o.declarer] = true
		r.Report(diagnostic.Diagnostic{
			File: m.file, Span: o.at,
			Message: fmt.Sprintf("`%s` %s `%s`, but does not import `%s`, which declares it", key, o.verb, shownOption(o.option.Path), o.declarer),
			Help:    fmt.Sprintf("import `%s`: a host that imports this module alone fails", o.declarer),
			Related: r.declaredAt(o.option),
		})
	}
}

// readsOf calls add for the options that modules read without a default, of those that
// they do not declare themselves.
func readsOf(e *repo.Evaluation, functions []moduleFunction, add func(o *module.Option, at eval.Place, verb string)) {
	for _, fn := range functions {
		for _, read := range fn.foreign {
			if read.Guarded || len(read.Path) == 0 {
				continue
			}
			o, _ := e.Config.Option(read.Path...)
			if o == nil || o.IsStub() {
				continue
			}
			last := len(o.Path) - len(e.Config.Input.Prefix) - 1
			if last >= 0 && last < len(read.Names) {
				add(o, eval.Place{File: fn.Lambda.At().File, Node: read.Names[last].ID()}, "reads")
			}
		}
	}
}

// bringsAll collects a module and all that it imports, and reports whether they
// are known.
func bringsAll(m *module.Module, seen map[*module.Module]bool) bool {
	if seen[m] {
		return true
	}
	seen[m] = true
	for _, imp := range m.Imports {
		if imp.Module == nil || !bringsAll(imp.Module, seen) {
			return false
		}
	}
	return true
}

// brings reports whether a module imports another, directly or not.
func brings(m, other *module.Module) bool {
	seen := make(map[*module.Module]bool)
	bringsAll(m, seen)
	return seen[other]
}

// asksForOptions tells whether a file looks at what options there are.
var asksForOptions = &perFile[bool]{func(_ *Repo, f *repo.File) bool {
	return strings.Contains(f.Text, "options,") || strings.Contains(f.Text, "options ?") || strings.Contains(f.Text, "hasAttrByPath")
}}
