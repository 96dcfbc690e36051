package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var unusedArgument = &Rule{
	Name:     "unused-argument",
	Group:    "names",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a function does not use its argument, or the name of the whole of it",
	Why: `An argument that the body does not use is often a misspelt name. If the function has to have it, for the sake of
its callers, an underscore in front says so: ` + "`_name: …` or just `_: …`" + `. The two arguments of overlays, ` + "`final` and `prev` or" + `
` + "`self` and `super`" + ` or the like, are left alone, since everybody expects them.

The same holds for ` + "`args`" + ` in ` + "`args@{ a, ... }: a`" + `: it can go.`,
	Bad:   "{\n  names = builtins.mapAttrs (name: value: value.port) { };\n}\n",
	Good:  "{\n  names = builtins.mapAttrs (_name: value: value.port) { };\n}\n",
	Fix:   UnsafeFix,
	Kinds: []parser.Kind{parser.KindLambda},
	Node: func(f *File, n parser.Node) {
		l := parser.Lambda{Node: n}
		arg := l.Param()
		p, hasPattern := l.Pattern()
		if hasPattern {
			arg = p.At()
		}
		if !arg.Is(parser.KindName) {
			return
		}
		names := f.Names()
		name := arg.Text()
		if d := names.DefinitionAt(arg); d == scope.None || names.Definitions()[d].Uses > 0 || strings.HasPrefix(name, "_") {
			return
		}
		d := diagnostic.Diagnostic{
			Span: arg.Span(), Message: fmt.Sprintf("argument `%s` is never used", name), Tags: diagnostic.Unnecessary,
		}
		if hasPattern {
			d.Fix = fix("remove the name", false, removeWhole(p))
		} else {
			if isOverlayArgument(name) || isBeforeOverlayArgument(l) {
				return
			}
			if !usesName(l.Body(), "_"+name) {
				d.Fix = fix(fmt.Sprintf("rename to `_%s`", name), false, diagnostic.Edit{Span: arg.Span(), Text: "_" + name})
			}
		}
		f.Report(d)
	},
}

// isOverlayArgument reports whether a name is one of those that the arguments
// of overlays have: `final`, `prev`, `self`, `super`, and with something in
// front or `Attrs` behind.
func isOverlayArgument(name string) bool {
	if name == "oldAttrs" {
		return true
	}
	name = strings.ToLower(strings.TrimSuffix(name, "Attrs"))
	return slices.ContainsFunc([]string{"final", "prev", "previous", "self", "super"}, func(s string) bool {
		return strings.HasSuffix(name, s)
	})
}

// isBeforeOverlayArgument reports whether a function is the outer one of two of
// which the inner has an argument of overlays.
func isBeforeOverlayArgument(l parser.Lambda) bool {
	inner := parser.Unparen(l.Body())
	if !inner.Is(parser.KindLambda) {
		return false
	}
	arg := parser.Lambda{Node: inner}.Param()
	return arg.Is(parser.KindName) && isOverlayArgument(arg.Text())
}

// usesName reports whether a name is written anywhere in an expression.
func usesName(n parser.Node, name string) bool {
	for tok := range edit.TokensIn(n.Tree(), n.Span()) {
		if tok.Kind() == parser.TokenIdent && tok.Text() == name {
			return true
		}
	}
	return false
}

// removeWhole returns an edit that removes the name of the whole argument and
// its `@` from a pattern.
func removeWhole(p parser.Pattern) diagnostic.Edit {
	at, name := p.AtToken().Span(), p.At().Span()
	if name.Start < at.Start {
		return diagnostic.Edit{Span: parser.Span{Start: name.Start, End: p.Open().Span().Start}}
	}
	return diagnostic.Edit{Span: parser.Span{Start: p.Close().Span().End, End: name.End}}
}
