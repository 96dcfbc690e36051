// Package nixfmt formats Nix source text exactly as nixfmt 1.4.0, the official
// formatter, does.
package nixfmt

import (
	"errors"
	"strings"
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

// Format returns the source formatted.
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
	p := printer{tree: tree, ascii: isASCII(src)}
	p.src = src
	p.comments.scan(tree, o.Strict)
	p.file()
	d := p.finish()
	d.aux = p.comments.texts
	if len(p.comments.regions) > 0 {
		d.reviveDisables()
	}
	var l layout
	l.run(d, o.Width, o.Indent)
	out := strings.TrimLeftFunc(string(l.out), isSpace)
	if d.endsVerbatim() {
		return out, nil
	}
	return trimRightSpace(out) + "\n", nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
