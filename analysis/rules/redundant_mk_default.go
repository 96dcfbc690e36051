package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/parser"
)

var redundantMkDefault = &Rule{
	Name:     "redundant-mk-default",
	Group:    "options",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "`mkDefault` gives way to nothing",
	Why: "`mkDefault`" + ` lets another module of the same host decide. In a file that only one host uses, for an option that nothing else
defines, it has no effect, and makes readers look for the other definition.

The rule speaks of options of the repository only: modules of NixOS may define theirs. Definitions that stand under a condition
count, whether it holds or not. Files of a registry are for any host, and may give way to one that is still to come.`,
	Bad:  "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ lib, ... }:\n{\n  modules.backup.keep = lib.mkDefault 3;\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{\n  modules.backup.keep = 3;\n}\n",
	Fix:  NoFix,
	Host: plainDefaults.look,
	Repo: func(r *Repo) {
		if !r.allHostsKnown() || r.anyBroken() {
			return
		}
		shared := r.handedOut()
		for _, reg := range r.registries() {
			for _, entry := range reg.Entries {
				shared[r.ModuleFile(entry.Target)] = true
			}
		}
		used := make(map[string]int) // how many hosts and homes have a file
		for on := range plainDefaults.each(r) {
			for file, n := range on.used {
				used[file] += n
			}
		}
		for on := range plainDefaults.each(r) {
			for _, d := range on.found {
				if used[d.File] == 1 && !shared[d.File] {
					r.Report(d)
				}
			}
		}
	},
}

// defaultsOnHost are the files of a host's modules, by how many evaluations have them, and
// what is found in those that no other has.
type defaultsOnHost struct {
	used  map[string]int
	found []diagnostic.Diagnostic
}

var plainDefaults = &perHost[defaultsOnHost]{func(r *Repo) defaultsOnHost {
	out := defaultsOnHost{used: make(map[string]int)}
	for _, e := range r.Model.Evaluations() {
		seen := make(map[string]bool)
		for _, m := range e.Modules {
			if !seen[m.File] {
				seen[m.File] = true
				out.used[m.File]++
			}
		}
	}
	for _, e := range r.Model.Evaluations() {
		for _, o := range e.Config.Declared() {
			if o.IsStub() || ownPath(e.Config, o.Path) == nil {
				continue
			}
			written := o.Written()
			if len(written) != 1 || !written[0].At.IsValid() || !written[0].Module.Certain {
				continue
			}
			at := written[0].At
			file := r.Model.Rel(at.File)
			if r.File(file) == nil || out.used[file] != 1 {
				continue
			}
			if fn, ok := callOf(at, "mkDefault"); ok && isPlainDefault(o) {
				out.found = append(out.found, diagnostic.Diagnostic{
					File: file, Span: fn.Span(), Tags: diagnostic.Unnecessary,
					Message: fmt.Sprintf("`mkDefault` has no effect: nothing else defines `%s`", shownOption(o.Path)),
					Help:    "set the value itself",
				})
			}
		}
	}
	return out
}}

// isPlainDefault reports whether an option has one definition, which is certain
// and of the priority of mkDefault.
func isPlainDefault(o *module.Option) bool {
	found := 0
	for _, d := range o.AllDefinitions() {
		if !d.Default {
			if found++; !d.Certain || d.Priority != mkDefaultPriority {
				return false
			}
		}
	}
	return found == 1
}

const mkDefaultPriority = 1000

// callOf returns the function that is called to give an attribute its value, if
// it is written with the given last name.
func callOf(at eval.Place, name string) (fn parser.Node, ok bool) {
	n := at.Syntax()
	for n.IsValid() && !n.Is(parser.KindBinding) {
		n = n.Parent()
	}
	if !n.IsValid() {
		return n, false
	}
	value := parser.Unparen(parser.Binding{Node: n}.Value())
	if !value.Is(parser.KindApply) {
		return n, false
	}
	fn = parser.Apply{Node: value}.Func()
	text := fn.Text()
	return fn, text == name || strings.HasSuffix(text, "."+name)
}
