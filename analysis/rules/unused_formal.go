package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var unusedFormal = &Rule{
	Name:     "unused-formal",
	Group:    "names",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a function asks for an attribute that it does not use",
	Why: `In ` + "`{ a, b, ... }: a`" + ` the function asks for ` + "`b`" + `, so that every caller must have it, for nothing.

Only patterns with ` + "`...`" + ` are looked at: without it, the names say what callers may pass, and removing one breaks them, as
with packages that ` + "`callPackage`" + ` calls. Patterns whose whole argument is used through ` + "`@`" + ` are left alone too, and so are
` + "`config`, `lib`, `options`, `pkgs`" + ` and the like in modules, ` + "`self`" + ` in a flake, what flake-parts gives to all (` + "`self`, `inputs`" + `, and in
` + "`perSystem` also `self'`, `inputs'` and `system`" + `), and names that begin with an underscore. Submodules and other modules
within a file are modules too.`,
	Bad:   "{ lib, inputs, ... }:\n{\n  time.timeZone = lib.mkDefault \"UTC\";\n}\n",
	Good:  "{ lib, ... }:\n{\n  time.timeZone = lib.mkDefault \"UTC\";\n}\n",
	Fix:   UnsafeFix,
	Kinds: []parser.Kind{parser.KindPattern},
	Node: func(f *File, n parser.Node) {
		f.unusedFormals(parser.Pattern{Node: n}, func(formal parser.Formal, name string, forOthers bool) {
			if forOthers {
				return // unused-interface-formal speaks of it
			}
			f.Report(diagnostic.Diagnostic{
				Span: formal.Name().Span(), Message: fmt.Sprintf("parameter `%s` is never used", name), Tags: diagnostic.Unnecessary,
				Fix: fix("remove the parameter", false, removeFormal(formal)),
			})
		})
	},
}

// unusedFormals passes the formals of a pattern that nothing uses to found, and
// whether they may be named for the sake of others. Those with an underscore in
// front are left out.
func (f *File) unusedFormals(p parser.Pattern, found func(formal parser.Formal, name string, forOthers bool)) {
	names := f.Names()
	forOthers := !p.Ellipsis().IsValid()
	if at := p.At(); at.IsValid() && names.Definitions()[names.DefinitionAt(at)].Uses > 0 {
		forOthers = true
	}
	for formal := range p.Formals() {
		d := names.DefinitionAt(formal.Name())
		if d == scope.None || names.Definitions()[d].Uses > 0 {
			continue
		}
		if name := names.Name(d); !strings.HasPrefix(name, "_") {
			byCustom := f.isNamedByCustom(parser.Lambda{Node: p.Parent()}, name) || f.Kind() == Flake && name == "self"
			found(formal, name, forOthers || byCustom)
		}
	}
}

// isNamedByCustom reports whether modules of the kind that a function is name
// an argument whether they use it or not.
func (f *File) isNamedByCustom(l parser.Lambda, name string) bool {
	switch name {
	case "self", "inputs":
		return isPartOfFlake(l)
	case "self'", "inputs'", "system":
		return isNamed(parser.WithParens(l.Node).Parent(), "perSystem")
	}
	return slices.Contains(moduleArguments, name) && f.isModule(l)
}

// isPartOfFlake reports whether a function is a module of flake-parts.
func isPartOfFlake(l parser.Lambda) bool {
	return anyKey(resultOf(l.Body()), func(key string) bool { return key == "perSystem" || key == "flake" })
}

// isModule reports whether a function with a pattern is a module, be it the file
// or a part of it.
func (f *File) isModule(l parser.Lambda) bool {
	switch p := parser.WithParens(l.Node).Parent(); p.Kind() {
	case parser.KindApply:
		name := symbol.LastName(parser.Apply{Node: p}.Func())
		if name == "submodule" || name == "submoduleWith" {
			return true
		}
	case parser.KindList:
		if isNamed(p.Parent(), "imports") || isNamed(p.Parent(), "modules") || repo.IsModuleList(p) {
			return true
		}
	case parser.KindBinding:
		if isNamed(p, "perSystem") || isNamed(p, "module") || isNamed(p, "nodes") || isNamed(p.Parent().Parent(), "nodes") {
			return true
		}
	}
	body := resultOf(l.Body())
	if !isModuleResult(body) {
		return false
	}
	if hasModuleKey(body) || isPartOfFlake(l) || takes(l, "config") {
		return true
	}
	return f.isWholeFile(l.Node) && (f.Kind().IsModule() || takes(l, "pkgs") || path.Base(f.Path) == "devenv.nix")
}

// takes reports whether a function asks for an attribute.
func takes(l parser.Lambda, name string) bool {
	if p, ok := l.Pattern(); ok {
		for formal := range p.Formals() {
			if formal.Name().Text() == name {
				return true
			}
		}
	}
	return false
}

// isNamed reports whether a node is a binding with the given name in its path.
func isNamed(n parser.Node, name string) bool {
	if !n.Is(parser.KindBinding) {
		return false
	}
	for part := range (parser.Binding{Node: n}).Path().Children() {
		if part.Text() == name {
			return true
		}
	}
	return false
}

// removeFormal returns an edit that removes a formal and a comma beside it.
func removeFormal(formal parser.Formal) diagnostic.Edit {
	src := formal.Tree().Source()
	s := formal.Span()
	if next := formal.LastToken().Next(); next.Kind() == parser.TokenComma {
		lineStart := strings.LastIndexByte(src[:s.Start], '\n') + 1
		if strings.TrimSpace(src[lineStart:s.Start]) == "," {
			// Leading commas: `, name` goes.
			return edit.Remove(src, parser.Span{Start: formal.FirstToken().Prev().Span().Start, End: s.End})
		}
		e := edit.Remove(src, parser.Span{Start: s.Start, End: next.Span().End})
		if prev := formal.FirstToken().Prev(); prev.Kind() == parser.TokenLBrace && e.Span.End == next.Span().End && strings.HasPrefix(src[e.Span.End:], " ") {
			e.Span.Start = s.Start
			e.Span.End++
		}
		return e
	}
	if prev := formal.FirstToken().Prev(); prev.Kind() == parser.TokenComma {
		return edit.Remove(src, parser.Span{Start: prev.Span().Start, End: s.End})
	}
	return edit.Remove(src, s)
}
