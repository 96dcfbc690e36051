// Package refactor rewrites code the way its writer asks for, where nothing is wrong
// with it: it inlines and extracts, turns one form of an expression into another, and
// sorts.
//
// What is offered keeps the value of the program, unless the title says otherwise. A
// refactoring is not offered where it would lose a comment, give a name another
// meaning, or make a file that cannot be read.
package refactor

import (
	"slices"
	"strings"

	udiff "github.com/aymanbagabas/go-udiff"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/scope"
	nixfmt "github.com/nixlint/nixlint/fmt"
	"github.com/nixlint/nixlint/parser"
)

// Kind is what a refactoring does, as editors sort them.
type Kind uint8

// The kinds.
const (
	Rewrite Kind = iota // another form of the same
	Inline              // a name is replaced by what it stands for
	Extract             // a name is given to a part
)

// Place is a selection in a file that is looked at for refactorings.
type Place struct {
	// File is the path of the file in its repository, with slashes.
	File string
	// Names are the names of the file, which know its tree.
	Names *scope.Names
	// Selection is what is selected; it is empty for a cursor.
	Selection parser.Span
	// Exists reports whether there is a file of that path in the repository. It is nil if there
	// cannot be others.
	Exists func(path string) bool

	tree *parser.Tree
	// at is the innermost node around the selection, without the blanks at its ends.
	at parser.Node
	// selected is that node if the selection is all of it.
	selected parser.Node
}

// Action is a refactoring that can be made.
type Action struct {
	Title string // a phrase with a verb
	Kind  Kind
	// edits are not laid out yet, since most of what is offered is never made.
	edits []diagnostic.Edit
	place *Place
	after string // what the edits make of the file
}

// refactorings are all there are, in the order in which they are offered.
var refactorings = []func(*Place) []Action{
	inline, extract, extractFile,
	flatten, pack, inherit, bind,
	withDots, withLet, recToLet,
	indent, quote, quoteName,
	addFormal, mkIf, ifInstead,
	sort, fromJSON,
}

// At returns the refactorings that can be made at a place. All of them give a file
// with no more syntax errors than before.
func At(p Place) []Action {
	p.tree = p.Names.Tree()
	p.find()
	var out []Action
	for _, refactoring := range refactorings {
		for _, a := range refactoring(&p) {
			if p.permits(&a) {
				out = append(out, a)
			}
		}
	}
	return out
}

// find sets what the selection stands for.
func (p *Place) find() {
	src := p.tree.Source()
	s := p.Selection
	if s.Start < s.End {
		text := src[s.Start:s.End]
		s.Start += uint32(len(text) - len(strings.TrimLeft(text, " \t\r\n")))
		s.End = max(s.Start, s.End-uint32(len(text)-len(strings.TrimRight(text, " \t\r\n"))))
	}
	p.at = p.tree.NodeCovering(s)
	if s.Start == s.End {
		// At the end of a word the cursor is on the word.
		if t := p.tree.TokenBefore(s.Start); t.IsValid() && t.Span().End == s.Start && (t.Kind() == parser.TokenIdent || t.Kind() == parser.TokenStringEnd) {
			p.at = p.tree.NodeCovering(t.Span())
		}
		return
	}
	for n := p.at; n.IsValid() && n.Span() == s; n = n.Parent() {
		p.selected = n
	}
}

// around returns the innermost node of a kind around the selection, or an invalid one.
func (p *Place) around(kind parser.Kind) parser.Node {
	if p.at.Is(kind) {
		return p.at
	}
	for n := range p.at.Ancestors() {
		if n.Is(kind) {
			return n
		}
	}
	return parser.Node{}
}

// permits reports whether an action can be offered.
func (p *Place) permits(a *Action) bool {
	before := p.tree.Source()
	var own []diagnostic.Edit
	for i := range a.edits {
		if a.edits[i].Create {
			if len(parser.Parse(a.edits[i].Text).Errors()) > 0 {
				return false
			}
			continue
		}
		a.edits[i].File = p.File
		own = append(own, a.edits[i])
	}
	after, err := diagnostic.Apply(before, own)
	if err != nil || after == before {
		return false
	}
	if p.brokenWithin(own) {
		return false
	}
	tree := parser.Parse(after)
	a.place, a.after = p, after
	return len(tree.Errors()) <= len(p.tree.Errors()) && comments(tree) == comments(p.tree)
}

// Edits returns what an action does. What it touches is laid out anew, and all of the
// file if all of it was laid out.
func (a Action) Edits(layout nixfmt.Options) []diagnostic.Edit {
	var own, out []diagnostic.Edit
	for _, e := range a.edits {
		if !e.Create {
			own = append(own, e)
			continue
		}
		if formatted, err := nixfmt.Format(e.Text, layout); err == nil {
			e.Text = formatted
		}
		out = append(out, e)
	}
	before := a.place.tree.Source()
	after := nixfmt.FormatTouched(before, a.after, diagnostic.SpansAfter(own), layout)
	return append(out, difference(a.place.File, before, after)...)
}

// brokenWithin reports whether there is a syntax error between the edits of an action. One
// in what an edit replaces as a whole is no matter.
func (p *Place) brokenWithin(edits []diagnostic.Edit) bool {
	reach := edits[0].Span
	for _, e := range edits {
		reach.Start, reach.End = min(reach.Start, e.Span.Start), max(reach.End, e.Span.End)
	}
	for _, broken := range p.tree.Errors() {
		if broken.Span.End >= reach.Start && broken.Span.Start <= reach.End &&
			!slices.ContainsFunc(edits, func(e diagnostic.Edit) bool { return e.Span.Covers(broken.Span) }) {
			return true
		}
	}
	return false
}

// comments returns the number of comments in a file.
func comments(t *parser.Tree) (n int) {
	for range t.Comments() {
		n++
	}
	return n
}

// difference returns the edits that make one text of another.
func difference(file, before, after string) []diagnostic.Edit {
	var out []diagnostic.Edit
	for _, e := range udiff.Lines(before, after) {
		out = append(out, diagnostic.Edit{File: file, Span: parser.Span{Start: uint32(e.Start), End: uint32(e.End)}, Text: e.New})
	}
	return out
}
