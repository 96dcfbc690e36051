// Package nixfmt formats Nix source text exactly as nixfmt 1.4.0, the official
// formatter, does.
//
// # Pipeline
//
// A source goes through four steps, each of which is a file or a few:
//
//   - trivia.go gives the comments and empty lines between the tokens of the
//     lossless tree to the tokens, as nixfmt's parser does.
//   - pretty.go and pretty_*.go, one file per construct, walk the tree and make
//     a document: texts, spacings and groups (doc.go).
//   - fixup.go normalises the document while it is made.
//   - layout.go decides which spacings are line ends, with fits.go and
//     priority.go, and writes the result.
//
// The document and its layout know nothing of Nix.
//
// # Differences
//
// The result is that of nixfmt byte for byte, but for these:
//
//   - What Nix itself cannot read is refused, even where nixfmt is more
//     generous: blanks that are not ASCII, letters that are not in names.
//   - `-/a` and `*/a` are the paths they are to Nix; nixfmt takes them for
//     operators. `a~/b` is two arguments, which nixfmt takes for one path.
//   - A default that is a function applied to a variable named `or`, as in
//     `a.b or (f) or`, which Nix deprecates, is laid out differently.
//   - Where nixfmt would take longer than anybody waits, groups are expanded
//     that it might have kept on a line (see workPerElement).
package nixfmt

import (
	"bytes"
	"fmt"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/parser"
)

// Options are the settings of the formatter.
type Options struct {
	// Width is the number of columns a line may have, not counting its
	// indentation; 0 means DefaultWidth.
	Width int
	// Indent is the number of columns of one step of indentation; 0 means
	// DefaultIndent.
	Indent int
	// Strict makes the result independent of where the source breaks lines.
	Strict bool
}

// The settings for which Options has zeros.
const (
	DefaultWidth  = 100
	DefaultIndent = 2
)

// SyntaxError says why a source cannot be formatted.
type SyntaxError struct {
	// Line and Column are where the error is, both counting from 1; columns
	// are characters.
	Line, Column int
	Message      string
	// Help says what to do about it; it may be empty.
	Help string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }

// Format returns the source formatted. The error, if any, is a *SyntaxError.
func Format(src string, o Options) (string, error) { return FormatTree(parser.Parse(src), o) }

// FormatTree returns the source of a tree formatted. The error, if any, is a
// *SyntaxError.
func FormatTree(tree *parser.Tree, o Options) (string, error) {
	for _, e := range tree.Errors() {
		if e.Kind == parser.ErrorSyntax {
			return "", syntaxError(tree, e.Span.Start, e.Message, e.Help)
		}
	}
	if at, ok := loneReturn(tree); ok {
		return "", syntaxError(tree, at, "carriage return that does not end a line", "end lines with a line feed")
	}
	if o.Width == 0 {
		o.Width = DefaultWidth
	}
	if o.Indent == 0 {
		o.Indent = DefaultIndent
	}
	f := formatters.Get().(*formatter)
	defer formatters.Put(f)
	return f.format(tree, o), nil
}

func syntaxError(tree *parser.Tree, at uint32, message, help string) error {
	line, column := tree.Lines().Character(at)
	return &SyntaxError{Line: line + 1, Column: column + 1, Message: message, Help: help}
}

// loneReturn finds a carriage return between tokens that is not part of a line
// end. Nix takes it for one, but not everywhere, and nixfmt not at all: what
// is a comment would not be certain.
func loneReturn(tree *parser.Tree) (at uint32, ok bool) {
	src := tree.Source()
	if strings.IndexByte(src, '\r') < 0 {
		return 0, false
	}
	end := uint32(0)
	for t := range tree.Tokens() {
		span := t.Span()
		for i := end; i < span.Start; i++ {
			if src[i] == '\r' && (int(i)+1 == len(src) || src[i+1] != '\n') {
				return i, true
			}
		}
		end = span.End
	}
	return 0, false
}

// formatter is the memory that formatting one file after another reuses.
type formatter struct {
	printer printer
	layout  layout
}

var formatters = sync.Pool{New: func() any { return new(formatter) }}

// format returns the source of the tree formatted.
func (f *formatter) format(tree *parser.Tree, o Options) string {
	p, l := &f.printer, &f.layout
	p.reset(tree)
	p.comments.scan(tree, o.Strict)
	p.file()
	d := p.finish()
	d.aux = p.comments.texts
	if len(p.comments.regions) > 0 {
		d.reviveDisables()
	}
	l.out = l.out[:0]
	l.run(d, o.Width, o.Indent)
	out := bytes.TrimLeftFunc(l.out, isSpace)
	if !d.endsVerbatim() {
		out = append(bytes.TrimRightFunc(out, isSpace), '\n')
	}
	p.forget()
	return string(out)
}

// reset prepares for another file.
func (p *printer) reset(tree *parser.Tree) {
	p.tree, p.src = tree, tree.Source()
	p.ascii = isASCII(p.src)
	p.builder.reset()
	p.terms, p.pieces = p.terms[:0], p.pieces[:0]
}

// forget drops what would keep the tree in memory.
func (p *printer) forget() {
	p.tree, p.src, p.comments.src = nil, "", ""
	clear(p.terms[:cap(p.terms)])
	clear(p.pieces[:cap(p.pieces)])
}
