// Package nixfmt formats Nix source text exactly as nixfmt 1.4.0, the official
// formatter, does.
package nixfmt

import (
	"bytes"
	"errors"
	"sync"
	"unicode/utf8"

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

// Format returns the source formatted. It fails if the source is not valid
// Nix.
func Format(src string, o Options) (string, error) {
	tree := parser.Parse(src)
	if tree.HasSyntaxErrors() {
		return "", errors.New(tree.Errors()[0].Message)
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
	p.tree, p.src, p.comments.src = nil, "", ""
	return string(out)
}

// reset prepares for another file.
func (p *printer) reset(tree *parser.Tree) {
	p.tree, p.src = tree, tree.Source()
	p.ascii = isASCII(p.src)
	p.builder.reset()
	p.terms = p.terms[:0]
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
