package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var infiniteRecursion = &Rule{
	Name:     "infinite-recursion",
	Group:    "options",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "which options a module defines depends on the configuration",
	Why: `Before an option can have a value, all modules must say which options they define. If a module decides that by the configuration, with ` + "`if`, " +
		"`lib.optionalAttrs` or `//`" + `, Nix ends in "infinite recursion encountered", and says no place. ` + "`lib.mkIf`" + ` is made for this: its content is looked at
without its condition.

A name of a ` + "`let` or `rec`" + ` set that is defined as itself, as in ` + "`let lib = lib;`" + `, has no value either.

Inside of a set of options it is left alone, where it is allowed as long as the condition is about others.`,
	Bad: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ config, lib, ... }:\n{\n" +
		"  config = lib.optionalAttrs config.modules.backup.enable { services.rsyncd.enable = true; };\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ config, lib, ... }:\n{\n" +
		"  config = lib.mkIf config.modules.backup.enable { services.rsyncd.enable = true; };\n}\n",
	Fix: SometimesFix,
	File: func(f *File) {
		names := f.Names()
		for _, u := range names.Uses() {
			n := f.Tree.Node(u.Node)
			if b := n.Parent(); u.Def != scope.None && b.Is(parser.KindBinding) && (parser.Binding{Node: b}).Value() == n && definesOnly(names, b, u.Def) {
				f.Report(diagnostic.Diagnostic{
					Span: n.Span(), Message: fmt.Sprintf("`%s` is defined as itself", n.Text()),
					Help: "leave the definition out, or take the value from somewhere else",
				})
			}
		}
	},
	Host: func(r *Repo) {
		seen := make(map[place]bool)
		for _, fn := range moduleFunctions.of(r.views[0]) {
			for _, at := range recursions.of(r, fn.file)[fn.config] {
				if p := (place{fn.file.Path, at.Span()}); !seen[p] {
					seen[p] = true
					r.recursion(fn, at)
				}
			}
		}
	},
}

// definesOnly reports whether a binding of a let, or of a set with rec, is what defines a name.
func definesOnly(names *scope.Names, binding parser.Node, d scope.DefID) bool {
	def := names.Definitions()[d]
	path := (parser.Binding{Node: binding}).Path()
	return def.Kind == scope.Binding && !def.More && path.ChildCount() == 1 && path.Child(0).ID() == def.Node
}

// recursions holds, by the parameter `config` of a module, the places at which that decides
// which names the module defines: its whole, or its set of definitions.
var recursions = &perFile[map[scope.DefID][]parser.Node]{func(r *Repo, f *repo.File) map[scope.DefID][]parser.Node {
	if !strings.Contains(f.Text, "optionalAttrs") && !strings.Contains(f.Text, "if ") {
		return nil
	}
	out := make(map[scope.DefID][]parser.Node)
	for lambda, fn := range configFunctions.of(r, f) {
		add := func(n parser.Node) {
			if at := (strictness{fn.names, fn.config}).structure(n); at.IsValid() && !underOptionsGuard(at) {
				out[fn.config] = append(out[fn.config], at)
			}
		}
		body := resultOf(parser.Lambda{Node: f.Tree.Node(lambda)}.Body())
		if !body.Is(parser.KindAttrSet) {
			add(body)
			continue
		}
		for entry := range body.Children() {
			if !entry.Is(parser.KindBinding) {
				continue
			}
			b := parser.Binding{Node: entry}
			if name, _ := parser.StaticName(b.Path().Child(0)); name == "config" && b.Path().ChildCount() == 1 {
				add(b.Value())
			}
		}
	}
	return out
}}

// recursion reports the place at which the configuration decides what defines it.
func (r *Repo) recursion(fn moduleFunction, at parser.Node) {
	d := diagnostic.Diagnostic{
		File: fn.file.Path, Span: at.Span(),
		Message: fmt.Sprintf("which options the module defines depends on `%s`, which depends on the options that modules define", at.Text()),
		Help:    "use `lib.mkIf` for what depends on `config`",
	}
	if !fn.Certain {
		d.Severity = diagnostic.Warning
	}
	outer := at
	for outer.Parent().IsValid() && !outer.Parent().Is(parser.KindApply) {
		outer = outer.Parent()
	}
	if a := (parser.Apply{Node: outer.Parent()}); outer.Parent().IsValid() && a.Func().Text() == "lib.optionalAttrs" && !a.Parent().Is(parser.KindBinary) {
		d.Fix = &diagnostic.Fix{Title: "use `lib.mkIf`", Edits: []diagnostic.Edit{{File: fn.file.Path, Span: a.Func().Span(), Text: "lib.mkIf"}}}
	}
	r.Report(d)
}

// underOptionsGuard reports whether an expression is only evaluated if an option is declared, as in
// `if options ? x then … else …` and `options ? x && …`.
func underOptionsGuard(n parser.Node) bool {
	asks := func(cond parser.Node) bool {
		for x := range cond.Preorder() {
			if x.Is(parser.KindIdent) && x.Text() == "options" {
				return true
			}
		}
		return false
	}
	for a := range n.Ancestors() {
		switch i, b := (parser.If{Node: a}), (parser.Binary{Node: a}); {
		case a.Is(parser.KindIf) && !i.Cond().Span().Covers(n.Span()) && asks(i.Cond()):
			return true
		case a.Is(parser.KindBinary) && b.Op() == parser.TokenAndAnd && !b.Left().Span().Covers(n.Span()) && asks(b.Left()):
			return true
		}
	}
	return false
}
