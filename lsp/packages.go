package lsp

import (
	"strings"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/packages"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// maxPackages bounds how many packages are proposed at once: editors ask again with more
// letters.
const maxPackages = 200

// packages proposes packages of nixpkgs, if that is at hand, that begin with what is written.
func (c *completion) packages() {
	if len(c.cursor.Before) == 0 && c.cursor.Text == "" {
		return // behind `with pkgs;` all of them would hide the rest
	}
	set := packages.Of(c.Repo)
	if set == nil {
		return
	}
	n := 0
	for _, name := range set.Names() {
		if !strings.HasPrefix(name, c.cursor.Text) {
			continue
		}
		if n++; n > maxPackages {
			c.incomplete = true
			return
		}
		detail := "package"
		if n <= 20 { // each is a file to read
			if p := set.Package(name); p != nil {
				detail = strings.TrimSpace("package " + p.Version)
			}
		}
		c.add(name, detail, protocol.CompletionItemKindModule, rankMember)
	}
}

// packageOf returns the package of nixpkgs that a symbol names; nil for none.
func (q *query) packageOf(sym symbol.Symbol) *packages.Package {
	if sym.Kind != symbol.Argument || sym.Root != "pkgs" || len(sym.Path) != 1 {
		return nil
	}
	set := packages.Of(q.Repo)
	if set == nil {
		return nil
	}
	return set.Package(sym.Path[0])
}

// describePackage tells what a package is.
func describePackage(name string, p *packages.Package) string {
	text := code("pkgs." + name)
	if p.Description != "" {
		text += "\n\n" + p.Description
	}
	if p.Version != "" {
		text += "\n\nVersion: " + p.Version
	}
	return text
}

// packageHint tells the version of a package that is named.
func (h *hinting) packageHint(n parser.Node) string {
	p := h.packageOf(symbol.At(h.File(h.path), h.Names(h.path), n.Span().End))
	if p == nil {
		return ""
	}
	return p.Version
}
