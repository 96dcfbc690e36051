package parser

import (
	"fmt"
	"slices"
)

// ErrorKind tells what an error means for the tree.
type ErrorKind uint8

const (
	// ErrorSyntax is text that does not follow the grammar; the tree has
	// error nodes or missing tokens.
	ErrorSyntax ErrorKind = iota
	// ErrorSemantic is text that follows the grammar and that Nix refuses
	// nevertheless, such as an attribute defined twice; the tree is whole.
	ErrorSemantic
)

// Error is something Nix itself rejects while parsing.
type Error struct {
	Kind    ErrorKind
	Span    Span
	Message string // what is wrong; lower case, no full stop
	Help    string // what to do about it; may be empty
	// Related is a second place that explains the first, with its note; nil
	// if there is none.
	Related *Related
	// Fix is an edit that certainly mends the error, or nil.
	Fix *Fix
}

// Related is a place that belongs to an error, with a note on what it is.
type Related struct {
	Span    Span
	Message string
}

// Fix is the replacement of one span by another text.
type Fix struct {
	Title string
	Span  Span
	Text  string
}

// HasSyntaxErrors reports whether any of the errors is an ErrorSyntax, so that
// the tree does not say all that the text was meant to.
func (t *Tree) HasSyntaxErrors() bool {
	return slices.ContainsFunc(t.errors, func(e Error) bool { return e.Kind == ErrorSyntax })
}

// Error returns the message with the byte range it applies to.
func (e Error) Error() string {
	return fmt.Sprintf("%d-%d: %s", e.Span.Start, e.Span.End, e.Message)
}

func sortErrors(errs []Error) {
	slices.SortStableFunc(errs, func(a, b Error) int {
		if a.Span.Start != b.Span.Start {
			return int(int64(a.Span.Start) - int64(b.Span.Start))
		}
		return int(int64(a.Span.End) - int64(b.Span.End))
	})
}
