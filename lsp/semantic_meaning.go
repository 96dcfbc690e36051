package lsp

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/session"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// meanings tells of paths of names what they are to the repository, for the colours of a file.
type meanings struct {
	view    symbol.View
	options map[string]bool // whether a path is that of an option or a group of them
	keys    map[string]bool // the beginnings of the keys of registries
	entries map[parser.Span]bool
}

// withMeanings calls use with what the repository as a whole tells of the file; with nil as
// long as it has not been looked at, which colours do not wait for.
func (q *query) withMeanings(use func(m *meanings)) {
	select {
	case <-q.folder.looked:
	default:
		use(nil)
		return
	}
	q.evaluated(func(evaluated *session.Snapshot, model *repo.Model) {
		m := &meanings{view: symbol.ViewOf(model, q.path), options: make(map[string]bool), keys: make(map[string]bool), entries: make(map[parser.Span]bool)}
		before, _ := evaluated.Repo.Text(q.path)
		for _, e := range m.view.Entries() {
			for i := range e.Key {
				m.keys[strings.Join(e.Key[:i+1], "\x00")] = true
			}
			if at := m.view.Place(e.At); at.File == q.path {
				if span, ok := moved(before, q.text(), at.Span); ok {
					m.entries[span] = true
				}
			}
		}
		use(m)
	})
}

// isKey reports whether a path is the beginning of a key of a registry.
func (m *meanings) isKey(path []string) bool { return m != nil && m.keys[strings.Join(path, "\x00")] }

// isEntry reports whether a registry has an entry at a span of the file.
func (m *meanings) isEntry(s parser.Span) bool { return m != nil && m.entries[s] }

// isOption reports whether a path is that of an option, or of a group of options.
func (m *meanings) isOption(path []string) bool {
	if m == nil || len(path) == 0 || slices.Contains(path, "") {
		return false
	}
	key := strings.Join(path, "\x00")
	is, known := m.options[key]
	if !known {
		is = slices.ContainsFunc(m.view.Evaluations, func(in symbol.In) bool { return declares(in.Config, path) })
		m.options[key] = is
	}
	return is
}

// declares reports whether an evaluation has an option of a path, or options below it.
func declares(e *module.Evaluation, path []string) bool {
	last := path[len(path)-1]
	e, above := e.Inside(path[:len(path)-1]...)
	if e == nil {
		return false
	}
	whole := below(above, last)
	o, rest := e.Option(whole...)
	return o != nil && len(rest) == 0 || o == nil && len(e.Names(whole...)) > 0
}

// coloured returns the token of a name in a path, which is below an argument or, with an
// empty root, defined.
func (m *meanings) coloured(span parser.Span, root string, path []string) semanticToken {
	switch {
	case root == "lib" || root == "builtins":
		return semanticToken{span, tokenFunction, modifierLibrary}
	case m.isEntry(span):
		return semanticToken{span, tokenNamespace, modifierDefinition | modifierModule}
	case root == "" || root == "config" || root == "options":
		if len(path) > 0 && root == "" && (path[0] == "config" || path[0] == "options") {
			path = path[1:]
		}
		if m.isOption(path) {
			return semanticToken{span, tokenProperty, modifierOption}
		}
	case m.isKey(below([]string{root}, path...)):
		return semanticToken{span, tokenNamespace, modifierModule}
	}
	return semanticToken{span, tokenProperty, 0}
}

// ofPaths returns the tokens of the names in paths of attributes.
func (m *meanings) ofPaths(tree *parser.Tree, names *scope.Names) (out []semanticToken) {
	for n := range tree.Root().Preorder() {
		if n.Is(parser.KindInherit) {
			out = append(out, m.ofInherit(parser.Inherit{Node: n}, names)...)
		}
		if !n.Is(parser.KindAttrPath) {
			continue
		}
		var root string
		var path []string
		switch owner := n.Parent(); owner.Kind() {
		case parser.KindSelect, parser.KindHasAttr:
			root, path, _ = symbol.Chain(names, owner.Child(0))
			if root == "" {
				root = "?" // of which nothing is known
			}
		case parser.KindBinding:
			if owner.Parent().Is(parser.KindLet) {
				root = "?"
			} else if whole := symbol.BindingPath(owner); len(whole) >= n.ChildCount() {
				path = whole[:len(whole)-n.ChildCount()]
			}
		}
		path = slices.Clone(path)
		for c := range n.Children() {
			text, _ := parser.StaticName(c)
			path = append(path, text)
			if c.Is(parser.KindName) && names.DefinitionAt(c) == scope.None {
				out = append(out, m.coloured(c.Span(), root, path))
			}
		}
	}
	return out
}

// ofInherit returns the tokens of the names that a set inherits from another.
func (m *meanings) ofInherit(n parser.Inherit, names *scope.Names) (out []semanticToken) {
	if !n.From().IsValid() {
		return nil
	}
	root, path, _ := symbol.Chain(names, n.From())
	if root == "" {
		root = "?"
	}
	for name := range n.Names() {
		text, _ := parser.StaticName(name)
		if !name.Is(parser.KindName) || names.DefinitionAt(name) != scope.None {
			continue
		}
		t := m.coloured(name.Span(), root, below(path, text))
		t.modifier |= modifierDefinition
		out = append(out, t)
	}
	return out
}

// unresolvedRules are those whose findings are names that mean nothing.
var unresolvedRules = []string{
	"module-path-unresolved", "option-undeclared", "option-read-undeclared", "meta-attribute-unknown", "flake-input-undeclared",
	"user-undefined", "argument-not-provided", "builtin-unknown",
}

// markUnresolved marks the names that findings say to mean nothing: of a path, its last.
func markUnresolved(tokens []semanticToken, found []diagnostic.Diagnostic) {
	for _, d := range found {
		if !slices.Contains(unresolvedRules, d.Rule) {
			continue
		}
		i, _ := slices.BinarySearchFunc(tokens, d.Span.End, func(t semanticToken, at uint32) int { return cmp.Compare(t.span.Start, at) })
		if i > 0 && tokens[i-1].span.Start >= d.Span.Start {
			tokens[i-1].modifier |= modifierUnresolved
		}
	}
}
