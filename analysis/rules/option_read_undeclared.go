package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/module"
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

A read that is under a condition is a warning, and none if some other host that imports the file declares the option; so is a first
name that is nearly one of NixOS' own, as in ` + "`config.netwroking`" + ` or, in a home, ` + "`osConfig.sytem`" + `. Names that a
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
	for _, fn := range moduleFunctions.of(r.views[0]) {
		if !fn.in.Unsure && !fn.in.Config.Broken {
			out.found = append(out.found, r.optionReads(fn, out.declared)...)
		}
	}
	for _, h := range r.Model.Hosts {
		for _, e := range h.Homes {
			if e.Unsure || e.Config.Broken || h.System.Unsure || h.System.Config.Broken {
				continue
			}
			for _, fn := range e.Functions {
				out.found = append(out.found, r.systemReads(h, fn)...)
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
	near    string // what was meant by the first name, which may be any
}

// moduleFormal returns the definition of a formal of a module.
func (r *Repo) moduleFormal(fn *repo.Function, name string) (file *repo.File, names *scope.Names, formal scope.DefID) {
	formals, _, _ := fn.Lambda.Formals()
	for _, f := range formals {
		if f.Name != name {
			continue
		}
		if file = r.File(r.Model.Rel(f.At.File)); file != nil {
			names = r.Names(file)
			return file, names, names.DefinitionAt(nameOf(f.At))
		}
	}
	return nil, nil, scope.None
}

// configReads holds what is read of each parameter `config` or `osConfig` in a file.
var configReads = &perFile[map[scope.DefID][]symbol.ConfigRead]{func(r *Repo, f *repo.File) map[scope.DefID][]symbol.ConfigRead {
	out := make(map[scope.DefID][]symbol.ConfigRead)
	names := r.Names(f)
	for i, def := range names.Definitions() {
		d := scope.DefID(i)
		if name := names.Name(d); def.Kind == scope.Formal && (name == "config" || name == "osConfig") {
			out[d] = symbol.ConfigReads(names, d)
		}
	}
	return out
}}

// optionReads returns the reads of a module of options that its evaluation has not, and
// notes the places of those that it has.
func (r *Repo) optionReads(fn moduleFunction, declared map[place]bool) (out []optionRead) {
	e, file := fn.in, fn.file
	for _, read := range fn.foreign {
		for i, name := range read.Names {
			if near := nearRoot(e, read); i == 0 && near != "" {
				out = append(out, optionRead{file, name, read.Path[:1], fn.host, e, false, near})
				break
			}
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
				certain := fn.Certain && needed(fn.names, name, fn.Lambda.At().Syntax())
				out = append(out, optionRead{file, name, read.Path[:i+1], fn.host, e, certain, ""})
			}
			break
		}
	}
	return out
}

// systemReads returns what a module of a home reads of the system around it by a first name
// that is misspelt.
func (r *Repo) systemReads(h *repo.Host, fn *repo.Function) (out []optionRead) {
	file, _, formal := r.moduleFormal(fn, "osConfig")
	if formal == scope.None {
		return nil
	}
	for _, read := range configReads.of(r, file)[formal] {
		if near := nearRoot(h.System, read); near != "" {
			out = append(out, optionRead{file, read.Names[0], read.Path[:1], h, h.System, false, near})
		}
	}
	return out
}

// nearRoot returns what is meant by the first name of a read, if neither the repository nor
// NixOS has options of that name, and nearly of it.
func nearRoot(e *repo.Evaluation, read symbol.ConfigRead) string {
	if len(read.Path) < 2 || read.Guarded || module.IsUpstream(read.Path[0]) || e.Config.HasFreeform() {
		return ""
	}
	root, declared := read.Path[0], e.Config.Names()
	if slices.Contains(declared, root) || slices.Contains(e.Config.Roots(), root) {
		return ""
	}
	if near := nearName(root, declared); near != "" {
		return near
	}
	return nearName(root, module.Upstream())
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
	out := asked{byPath: strings.Contains(f.Text, "yPath") && (strings.Contains(f.Text, "hasAttrByPath") || strings.Contains(f.Text, "attrByPath"))}
	if f.Tree.MayHave(parser.KindHasAttr) {
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
	near := u.near
	if near == "" {
		near = repo.Nearest(u.path[last], u.in.Config.Names(u.path[:last]...))
	}
	if near != "" {
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
