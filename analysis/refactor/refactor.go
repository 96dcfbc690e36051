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
	// Exists reports whether there is a file of that path in the repository.
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
	Edits []diagnostic.Edit
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
// with no more syntax errors than before; what they touch is laid out anew if all of
// the file was laid out.
func At(p Place, layout nixfmt.Options) []Action {
	p.tree = p.Names.Tree()
	p.find()
	var out []Action
	for _, refactoring := range refactorings {
		for _, a := range refactoring(&p) {
			if p.finish(&a, layout) {
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

// finish lays out what an action touches, and reports whether the action can be
// offered.
func (p *Place) finish(a *Action, layout nixfmt.Options) bool {
	before := p.tree.Source()
	var own, others []diagnostic.Edit
	for i := range a.Edits {
		if a.Edits[i].Create {
			formatted, err := nixfmt.Format(a.Edits[i].Text, layout)
			if err != nil {
				return false
			}
			a.Edits[i].Text = formatted
			others = append(others, a.Edits[i])
			continue
		}
		a.Edits[i].File = p.File
		own = append(own, a.Edits[i])
	}
	after, err := diagnostic.Apply(before, own)
	if err != nil || after == before {
		return false
	}
	if p.brokenWithin(own) {
		return false
	}
	tree := parser.Parse(after)
	if len(tree.Errors()) > len(p.tree.Errors()) || comments(tree) != comments(p.tree) {
		return false
	}
	after = nixfmt.FormatTouched(before, after, diagnostic.SpansAfter(own), layout)
	a.Edits = append(others, difference(p.File, before, after)...)
	return true
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
