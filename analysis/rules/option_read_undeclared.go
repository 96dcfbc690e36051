package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var optionReadUndeclared = &Rule{
	Name:     "option-read-undeclared",
	Group:    "options",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a module reads an option that no module declares",
	Why: `Reading an option of the repository that none of the modules of the host declares stops the evaluation. Import the module
that declares it, or give a default, as in ` + "`config.modules.vfio.enable or false`" + `, if it may be missing.

A read that is under a condition is a warning, and none if some other host that imports the file declares the option. Names that a
` + "`let` gives to parts of `config`" + ` are followed.`,
	Bad: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ config, ... }:\n{\n" +
		"  networking.hostName = config.modules.backup.targt;\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ config, ... }:\n{\n" +
		"  networking.hostName = config.modules.backup.target;\n}\n",
	Fix:  SometimesFix,
	Host: undeclaredReads.look,
	Repo: func(r *Repo) {
		for on := range undeclaredReads.each(r) {
			for _, u := range on.found {
				u.report(r)
			}
		}
	},
}

// optionReadsOnHost are the reads of options that a host has not, and the places of
// those that read something it has.
type optionReadsOnHost struct {
	found    []optionRead
	declared map[place]bool
}

var undeclaredReads = &perHost[optionReadsOnHost]{func(r *Repo) optionReadsOnHost {
	out := optionReadsOnHost{declared: make(map[place]bool)}
	reads := make(map[eval.Spot]moduleReading) // by function
	for _, h := range r.Model.Hosts {
		for _, e := range h.Evaluations() {
			if e.Unsure || e.Config.Broken {
				continue
			}
			for _, fn := range e.Functions {
				out.found = append(out.found, r.optionReads(h, e, fn, out.declared, reads)...)
			}
		}
	}
	return out
}}

// optionRead is a read of an option that an evaluation has not.
type optionRead struct {
	file    *repo.File
	name    parser.Node
	path    []string // with the name
	host    *repo.Host
	in      *repo.Evaluation
	certain bool
}

// moduleReading is what the function of a module reads of its configuration.
type moduleReading struct {
	file  *repo.File
	names *scope.Names
	reads []symbol.ConfigRead
}

// moduleConfig returns the definition of the formal `config` of a module.
func (r *Repo) moduleConfig(fn *repo.Function) (file *repo.File, names *scope.Names, config scope.DefID) {
	formals, _, _ := fn.Lambda.Formals()
	for _, f := range formals {
		if f.Name != "config" {
			continue
		}
		if file = r.File(r.Model.Rel(f.At.File)); file != nil {
			names = r.Names(file)
			return file, names, names.DefinitionAt(nameOf(f.At))
		}
	}
	return nil, nil, scope.None
}

// configReads holds what is read of each parameter `config` in a file.
var configReads = &perFile[map[scope.DefID][]symbol.ConfigRead]{func(r *Repo, f *repo.File) map[scope.DefID][]symbol.ConfigRead {
	out := make(map[scope.DefID][]symbol.ConfigRead)
	names := r.Names(f)
	for i, def := range names.Definitions() {
		if d := scope.DefID(i); def.Kind == scope.Formal && names.Name(d) == "config" {
			out[d] = symbol.ConfigReads(names, d)
		}
	}
	return out
}}

func (r *Repo) optionReads(h *repo.Host, e *repo.Evaluation, fn *repo.Function, declared map[place]bool, cache map[eval.Spot]moduleReading) (out []optionRead) {
	at := fn.Lambda.At()
	m, known := cache[at.Spot()]
	if !known {
		file, names, config := r.moduleConfig(fn)
		if config != scope.None {
			m = moduleReading{file, names, configReads.of(r, file)[config]}
		}
		cache[at.Spot()] = m
	}
	file, names := m.file, m.names
	for _, read := range m.reads {
		for i, name := range read.Names {
			if o, _ := e.Config.Option(read.Path[:i+1]...); o != nil {
				declared[place{file.Path, name.Span()}] = true
				break
			}
			if _, found := slices.BinarySearch(e.Config.Names(read.Path[:i]...), read.Path[i]); found {
				declared[place{file.Path, name.Span()}] = true
				continue
			}
			if e.Config.IsOpen(read.Path[:i]...) || e.Config.IsOpen(read.Path[:i+1]...) || e.Config.HasFreeform() {
				break
			}
			if !read.Guarded && !r.mentionsPresence(file, read.Path[i]) {
				certain := fn.Certain && needed(names, name, at.Syntax())
				out = append(out, optionRead{file, name, read.Path[:i+1], h, e, certain})
			}
			break
		}
	}
	return out
}

// mentionsPresence reports whether a file asks somewhere whether there is something of a
// name.
func (r *Repo) mentionsPresence(f *repo.File, name string) bool {
	p := presence.of(r, f)
	return p.byPath || slices.ContainsFunc(p.paths, func(path string) bool { return strings.Contains(path, name) })
}

// asked is what a file asks whether it is there.
type asked struct {
	paths  []string
	byPath bool // by a function that may ask for anything
}

var presence = &perFile[asked]{func(_ *Repo, f *repo.File) asked {
	out := asked{byPath: strings.Contains(f.Text, "hasAttrByPath") || strings.Contains(f.Text, "attrByPath")}
	if strings.Contains(f.Text, "?") {
		for id := range f.Tree.NodeCount() {
			if n := f.Tree.Node(parser.NodeID(id)); n.Is(parser.KindHasAttr) {
				out.paths = append(out.paths, (parser.HasAttr{Node: n}).Path().Text())
			}
		}
	}
	return out
}}

func (u optionRead) report(r *Repo) {
	on := "host `" + u.host.Name + "`"
	if u.in.User != "" {
		on = fmt.Sprintf("the home of `%s` on `%s`", u.in.User, u.host.Name)
	}
	last := len(u.path) - 1
	d := diagnostic.Diagnostic{
		File: u.file.Path, Span: u.name.Span(),
		Message: fmt.Sprintf("no module of %s declares `%s`", on, strings.Join(u.path, ".")),
	}
	if !u.certain {
		at := place{d.File, d.Span}
		if undeclaredReads.any(r, func(on optionReadsOnHost) bool { return on.declared[at] }) {
			return
		}
		d.Severity = diagnostic.Warning
	}
	siblings := u.in.Config.Names(u.path[:last]...)
	if near := repo.Nearest(u.path[last], siblings); near != "" {
		d.Help = fmt.Sprintf("did you mean `%s`?", near)
		if u.name.Is(parser.KindName) && u.name.Parent().Is(parser.KindAttrPath) {
			d.Fix = &diagnostic.Fix{
				Title: fmt.Sprintf("replace `%s` by `%s`", u.path[last], near),
				Edits: []diagnostic.Edit{{File: d.File, Span: d.Span, Text: near}},
			}
		}
	} else if file := r.declarerOf(u.path, u.in.Config); file != "" {
		d.Help = fmt.Sprintf("`%s` declares it: import it, or give a default with `or`", file)
	} else {
		d.Help = "declare it, or give a default with `or`"
	}
	r.Report(d)
}
