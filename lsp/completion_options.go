package lsp

import (
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// attributes proposes what can be defined here: the arguments that a function still lacks,
// the attributes of a flake, or options; and the sets that more can be put into.
func (c *completion) attributes() {
	c.bindingWords()
	if !c.arguments() && !c.flakeAttributes() {
		c.moduleNames()
	}
	c.siblings()
}

// siblings proposes the sets that bindings beside the one at the cursor define, by longer paths
// or in braces: of both there can be more.
func (c *completion) siblings() {
	if !c.cursor.Braces.IsValid() {
		return
	}
	for b := range c.cursor.Braces.Children() {
		if !b.Is(parser.KindBinding) || b.Span().Contains(c.at) {
			continue
		}
		binding := parser.Binding{Node: b}
		var names []string // up to the one that is asked for
		for n := range binding.Path().Children() {
			name, _ := parser.StaticName(n)
			if names = append(names, name); len(names) > len(c.cursor.Before) {
				break
			}
		}
		last := len(names) - 1
		if last != len(c.cursor.Before) || !slices.Equal(names[:last], c.cursor.Before) {
			continue
		}
		if binding.Path().ChildCount() > len(names) || parser.Unparen(binding.Value()).Is(parser.KindAttrSet) {
			c.add(names[last], "a set beside", protocol.CompletionItemKindStruct, rankMember)
		}
	}
}

// moduleNames proposes what a module can define: options and what it is made of.
func (c *completion) moduleNames() {
	at := slices.Concat(c.cursor.Set, c.cursor.Before)
	top := len(c.cursor.Set) == 0
	if len(at) == 0 && symbol.IsSubmodule(c.cursor.Braces) {
		c.moduleAttributes()
		return
	}
	if top && !symbol.IsBody(c.cursor.Braces) || len(at) > 0 && at[0] == "options" {
		return // of a let, or of a set that means something to a function only
	}
	top = top && len(at) == 0
	if len(at) > 0 && at[0] == "config" {
		at = at[1:]
	}
	for _, in := range c.view.Evaluations {
		c.optionNames(in.Config, at, rankMember, "", nil)
	}
	c.foreignOptions(at)
	c.setNames(at)
	if top && len(c.view.Evaluations) > 0 {
		c.moduleAttributes()
	}
}

// setNames proposes what modules of any host define below a path at which no options are
// declared: those of sources that are not at hand.
func (c *completion) setNames(at []string) {
	if len(c.view.Evaluations) == 0 {
		return
	}
	own, given := c.view.Evaluations[0], c.given()
	for _, h := range c.view.Model.Hosts {
		for _, e := range h.Evaluations() {
			if (e.User == "") != (own.User == "") {
				continue
			}
			for _, name := range definedNames(e.Config, at) {
				if !given[name] && !c.isOnlyHere(e, below(at, name)) {
					c.add(name, "set elsewhere", protocol.CompletionItemKindField, rankForeign)
				}
			}
		}
	}
}

// isOnlyHere reports whether a path is that of the name that is being written, and nothing else
// defines anything there.
func (c *completion) isOnlyHere(e *repo.Evaluation, path []string) bool {
	if c.tree().NodeAt(c.cursor.Span.Start).Text() != path[len(path)-1] {
		return false
	}
	places := c.view.WrittenAt(e, path)
	return len(places) <= 1 && !slices.ContainsFunc(places, func(p symbol.Place) bool { return p.File != c.path })
}

// definedNames returns the names that an evaluation defines directly below a path at which it
// declares no options.
func definedNames(e *module.Evaluation, at []string) (out []string) {
	if len(at) == 0 {
		return e.Roots()
	}
	if o, _ := e.Option(at...); o != nil && !o.IsStub() || len(e.Declared(at...)) > 0 && !e.IsOpen(at...) || len(e.Names(at...)) > 0 {
		return nil
	}
	if set, ok := e.Value(at...).(*eval.Attrs); ok {
		for _, a := range set.Entries {
			out = append(out, a.Name)
		}
	}
	return out
}

// moduleAttributes proposes what every module can have.
func (c *completion) moduleAttributes() {
	for _, name := range []string{"imports", "options", "config"} {
		c.add(name, "of the module", protocol.CompletionItemKindKeyword, rankLocal)
	}
}

// bindingWords proposes the keywords that can stand in place of a binding.
func (c *completion) bindingWords() {
	if len(c.cursor.Before) > 0 {
		return
	}
	c.add("inherit", "", protocol.CompletionItemKindKeyword, rankKeyword)
	if !c.cursor.Braces.IsValid() {
		c.add("in", "", protocol.CompletionItemKindKeyword, rankKeyword)
	}
}

// arguments proposes the formals of the function whose argument the set is. It reports
// whether there is such a function.
func (c *completion) arguments() bool {
	if len(c.cursor.Before) > 0 || !c.cursor.Braces.IsValid() {
		return false
	}
	call, ok := symbol.CallAt(c.tree(), c.at)
	if !ok || call.Set.Node != c.cursor.Braces {
		return false
	}
	missing := c.view.Missing(c.File(c.path), c.Names(c.path), call, c.cursor.Span.Start)
	for _, f := range missing {
		detail, r := "needed", rankFirst
		switch {
		case f.Default != "":
			detail, r = "by default "+oneLine(f.Default), rankMember
		case f.Optional:
			detail, r = "optional", rankMember
		}
		c.add(f.Name, detail, protocol.CompletionItemKindField, r)
	}
	return len(missing) > 0
}

// optionNames proposes what an evaluation declares below a path. The edits add what the
// options need.
func (c *completion) optionNames(e *module.Evaluation, at []string, r rank, note string, edits func(*module.Option) []protocol.TextEdit) {
	ev := e.Evaluator()
	if note == "" {
		c.valueNames(ev, e, at, r)
	}
	e, at = e.Inside(at...)
	if e == nil {
		return
	}
	given := c.given()
	for _, name := range e.Names(at...) {
		path := below(at, name)
		if c.seen[name] {
			continue
		}
		o, rest := e.Option(path...)
		detail, kind := "options", protocol.CompletionItemKindModule
		if o != nil && len(rest) == 0 {
			if o.IsStub() || o.IsHidden() || given[name] {
				continue
			}
			detail, kind = o.Type().Description(ev), protocol.CompletionItemKindProperty
		} else if declared := e.Declared(path...); len(declared) > 0 {
			o = declared[0]
			if o.IsStub() {
				continue
			}
		}
		if note != "" {
			detail += " (" + note + ")"
		}
		var more []protocol.TextEdit
		if edits != nil {
			if o == nil {
				continue
			}
			if more = edits(o); more == nil {
				continue
			}
		}
		own := r
		if name == "enable" && r == rankMember {
			own = rankFirst
		}
		if item := c.add(name, detail, kind, own); item != nil {
			item.AdditionalTextEdits = more
			if o != nil {
				if text := strings.TrimSpace(o.Text("description")); text != "" && kind == protocol.CompletionItemKindProperty {
					item.Documentation = c.server.markup(text)
				}
			}
		}
	}
}

// given are the names that the set around the cursor defines as wholes, in the same group of
// options as the name at the cursor.
func (c *completion) given() map[string]bool {
	out := make(map[string]bool)
	if !c.cursor.Braces.IsValid() {
		return out
	}
	for n := range c.cursor.Braces.Children() {
		if !n.Is(parser.KindBinding) || n.Span().Contains(c.at) {
			continue
		}
		names, ok := (parser.Binding{Node: n}).Path().Static()
		if last := len(names) - 1; ok && last >= 0 && slices.Equal(names[:last], c.cursor.Before) {
			out[names[last]] = true
		}
	}
	return out
}

// valueNames proposes the names that a set of values has already: those of users in
// `users.users`.
func (c *completion) valueNames(ev *eval.Evaluator, e *module.Evaluation, at []string, r rank) {
	if len(at) == 0 {
		return
	}
	o, rest := e.Option(at...)
	if o == nil || len(rest) > 0 || !o.Type().HasNames() {
		return
	}
	set, ok := o.Value().(*eval.Attrs)
	if !ok {
		return
	}
	for _, a := range set.Entries {
		c.add(a.Name, "defined already", protocol.CompletionItemKindField, r)
	}
}

// foreignOptions proposes options of modules that other hosts import and this one does
// not. Taking one adds the import.
func (c *completion) foreignOptions(at []string) {
	if len(at) == 0 || len(c.view.Evaluations) == 0 {
		return
	}
	own := c.view.Evaluations[0]
	for _, h := range c.view.Model.Hosts {
		for _, e := range h.Evaluations() {
			if (e.User == "") != (own.User == "") {
				continue
			}
			c.optionNames(e.Config, at, rankForeign, "adds the import", func(o *module.Option) []protocol.TextEdit {
				for _, d := range o.Declarations {
					if d.At.IsValid() {
						if edit, ok := c.importEdit(c.view.Model.Rel(d.At.File)); ok {
							return []protocol.TextEdit{edit}
						}
					}
				}
				return nil
			})
		}
	}
}

// importPlace returns where an import is added to the file: to its list of imports, which is
// made if there is none. The text of the import follows before, and after follows it.
func (c *completion) importPlace() (at uint32, before, after string, ok bool) {
	set := parser.Unparen(c.tree().Expr())
	for set.IsValid() && !set.Is(parser.KindAttrSet) {
		switch set.Kind() {
		case parser.KindLambda:
			set = parser.Unparen(parser.Lambda{Node: set}.Body())
		case parser.KindLet:
			set = parser.Unparen(parser.Let{Node: set}.Body())
		default:
			return 0, "", "", false
		}
	}
	if !set.IsValid() {
		return 0, "", "", false
	}
	for n := range set.Children() {
		b := parser.Binding{Node: n}
		if !n.Is(parser.KindBinding) || b.Path().Text() != "imports" {
			continue
		}
		list := b.Value()
		if !list.Is(parser.KindList) {
			return 0, "", "", false // computed
		}
		if list.ChildCount() == 0 {
			at = list.FirstToken().Span().End
			if strings.HasPrefix(c.text()[at:], "]") {
				after = " "
			}
			return at, " ", after, true
		}
		last := list.LastChild().Span()
		return last.End, "\n" + edit.Indentation(c.text(), last.Start), "", true
	}
	if set.ChildCount() == 0 {
		return 0, "", "", false
	}
	blank := edit.Indentation(c.text(), set.Child(0).Span().Start)
	at = set.FirstToken().Span().End
	if set.FirstToken().Kind() == parser.TokenRec {
		at = set.FirstToken().Next().Span().End
	}
	return at, "\n" + blank + "imports = [ ", " ];", true
}

// importEdit adds the module of a file to the imports, by its key in a registry.
func (c *completion) importEdit(file string) (out protocol.TextEdit, ok bool) {
	entry := c.view.EntryOf(file)
	at, before, after, ok := c.importPlace()
	if entry == nil || !ok || c.Names(c.path).Lookup(c.Names(c.path).At(at), entry.Key[0]) == scope.None {
		return out, false
	}
	span := parser.Span{Start: at, End: at}
	return protocol.TextEdit{Range: c.toRange(span), NewText: before + entry.Path() + after}, true
}
