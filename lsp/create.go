package lsp

import (
	"path"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/generator"
	"github.com/nixlint/nixlint/parser"
)

// creation is something that a finding misses and that a command makes.
type creation struct {
	command, title string
	arguments
	// within is a folder, or a part of its path, in which a file must be made so that the
	// plan is of use; empty if any will do.
	within string
	// alone is set if nothing but files is to be made: what names them is there.
	alone bool
}

// creations offers to make what a finding misses: the module of a path that no registry
// has, the folder of a host, the user that is not defined.
func (q *query) creations(d diagnostic.Diagnostic) []protocol.CommandOrCodeAction {
	c, ok := q.missing(d)
	if !ok {
		return nil
	}
	plan, err := q.plan(c.command, c.arguments, true)
	if err != nil || plan.IsEmpty() {
		return nil
	}
	made := func(f generator.File) bool {
		return c.within == "" || strings.Contains("/"+f.Path, "/"+c.within+"/")
	}
	if !slices.ContainsFunc(plan.Files, made) {
		return nil
	}
	if c.alone {
		plan.Edits = nil
	}
	// The path is to be what it says: a plan that registers another key would not help.
	edit := q.server.workspaceEdit(q.folder, q.Snapshot, editsOf(plan))
	if edit == nil || slices.ContainsFunc(plan.Edits, func(e diagnostic.Edit) bool { return e.File == q.path }) {
		return nil
	}
	return []protocol.CommandOrCodeAction{&protocol.CodeAction{
		Title: c.title, Kind: ptr(protocol.CodeActionKindQuickFix),
		Diagnostics: []protocol.Diagnostic{q.server.diagnostic(q.folder, q.Snapshot, d)}, Edit: edit,
	}}
}

// missing says what a finding misses, if it can be made.
func (q *query) missing(d diagnostic.Diagnostic) (c creation, ok bool) {
	sym := symbol.At(q.File(q.path), q.Names(q.path), d.Span.Start)
	switch d.Rule {
	case "module-path-unresolved":
		if sym.Kind != symbol.Argument || len(sym.Path) < 3 || sym.Path[0] != "nixos" && sym.Path[0] != "home" {
			return c, false
		}
		var parts []string
		for _, name := range sym.Path[1:] {
			parts = append(parts, generator.Kebab(name))
		}
		return creation{
			command: commandNewModule, title: "Create the module " + strings.Join(sym.Path[1:], "."),
			arguments: arguments{Kind: sym.Path[0], Name: strings.Join(parts, "/")},
		}, true
	case "host-directory-missing":
		name := q.nameIn(d.Span)
		return creation{
			command: commandNewHost, title: "Create the host " + name, arguments: arguments{Name: name},
			within: name, alone: true,
		}, true
	case "user-undefined":
		name := q.nameIn(d.Span)
		return creation{command: commandNewUser, title: "Create the user " + name, arguments: arguments{Name: name}}, true
	case "import-path-missing":
		// A folder in a list of users, which may be computed of their names.
		n := q.tree().NodeCovering(d.Span)
		name := q.nameIn(d.Span)
		if sym.Kind == symbol.File {
			name, c.within = path.Base(sym.Target), sym.Target
		}
		if !inUsers(n) {
			return c, false
		}
		c.command, c.title, c.Name = commandNewUser, "Create the user "+name, name
		return c, true
	}
	return c, false
}

// nameIn returns the name that a span of the request's file is, quoted or not.
func (q *query) nameIn(s parser.Span) string {
	return strings.Trim(q.text()[s.Start:s.End], `"`)
}

// inUsers reports whether a node is an element of a list that is bound to `users`.
func inUsers(n parser.Node) bool {
	for ; n.IsValid() && !n.Is(parser.KindBinding) && !n.Is(parser.KindLambda); n = n.Parent() {
		if n.Is(parser.KindList) {
			names, ok := (parser.Binding{Node: n.Parent()}).Path().Static()
			return n.Parent().Is(parser.KindBinding) && ok && names[len(names)-1] == "users"
		}
	}
	return false
}
