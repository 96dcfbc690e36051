package refactor

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// extractFile moves the selected expression into a file beside this one. What it uses of
// the names around it becomes the arguments of a function.
func extractFile(p *Place) []Action {
	n := p.selected
	if !isExpression(n) || p.Exists == nil || strings.Contains(n.Text(), "./") || strings.Contains(n.Text(), "__curPos") {
		return nil // paths would mean other files
	}
	switch n.Kind() {
	case parser.KindAttrSet, parser.KindLambda, parser.KindApply, parser.KindLet, parser.KindList, parser.KindWith, parser.KindIf:
	default:
		return nil
	}
	var free []string
	for c := range n.Preorder() {
		u := p.useAt(c)
		if u == scope.None {
			continue
		}
		switch use := p.Names.Uses()[u]; use.Target {
		case scope.Local:
			d := p.Names.Definitions()[use.Def]
			if !n.Span().Covers(p.tree.Node(p.Names.Scopes()[d.Scope].Node).Span()) && !slices.Contains(free, c.Text()) {
				free = append(free, c.Text())
			}
		case scope.FromWith:
			if !n.Span().Covers(p.withOf(use)) {
				return nil
			}
		case scope.Nothing:
			return nil
		}
	}
	slices.Sort(free)
	name := p.fileFor(n)
	text := n.Text() + "\n"
	if paren := parser.Unparen(n); paren != n {
		text = paren.Text() + "\n"
	}
	call := "import ./" + path.Base(name)
	if len(free) > 0 {
		text = "{ " + strings.Join(free, ", ") + " }:\n\n" + text
		call += " { inherit " + strings.Join(free, " ") + "; }"
	}
	return []Action{{
		Title: fmt.Sprintf("move the expression to `%s`", name),
		Kind:  Extract,
		edits: []diagnostic.Edit{
			{File: name, Text: text, Create: true},
			edit.Replace(n, call, precedence.Apply),
		},
	}}
}

// fileFor returns the path of a file for an expression that does not exist yet.
func (p *Place) fileFor(n parser.Node) string {
	base := "extracted"
	for a := range n.Ancestors() {
		if !a.Is(parser.KindBinding) {
			continue
		}
		names, ok := parser.Binding{Node: a}.Path().Static()
		if last := len(names) - 1; ok && last >= 0 && plainFileName(names[last]) {
			base = names[last]
		}
		break
	}
	dir := path.Dir(p.File)
	for i := 1; ; i++ {
		name := path.Join(dir, base+".nix")
		if i > 1 {
			name = path.Join(dir, fmt.Sprintf("%s%d.nix", base, i))
		}
		if !p.Exists(name) {
			return name
		}
	}
}

// plainFileName reports whether a name can stand in a path literal, and is no folder.
func plainFileName(name string) bool {
	for i, c := range name {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' && i > 0) {
			return false
		}
	}
	return name != ""
}
