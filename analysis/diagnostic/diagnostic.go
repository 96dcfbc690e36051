// Package diagnostic holds what nixlint says about a configuration: findings,
// the places that explain them, and the edits that mend them.
//
// All places are byte ranges in files that are named by their slash-separated
// path relative to the root of the repository. Lines and columns are derived
// where findings are shown.
package diagnostic

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/nixlint/nixlint/parser"
)

// Severity says how sure and how bad a finding is. The zero value is no
// severity.
type Severity uint8

// The severities, mildest first, so that they compare by weight.
const (
	// Info is a matter of style.
	Info Severity = iota + 1
	// Warning is almost certainly a mistake.
	Warning
	// Error means that the configuration cannot evaluate, build or boot as it
	// is written, and that this is certain.
	Error
)

var severityNames = [...]string{Info: "info", Warning: "warning", Error: "error"}

// String returns "info", "warning" or "error".
func (s Severity) String() string {
	if s >= Info && s <= Error {
		return severityNames[s]
	}
	return "none"
}

// ParseSeverity is the inverse of String.
func ParseSeverity(name string) (Severity, error) {
	for s := Info; s <= Error; s++ {
		if severityNames[s] == name {
			return s, nil
		}
	}
	return 0, fmt.Errorf("unknown severity %q: it is one of error, warning, info", name)
}

// Tag marks findings that editors show in a special way.
type Tag uint8

const (
	// Unnecessary is code without effect; editors fade it.
	Unnecessary Tag = 1 << iota
	// Deprecated is code that still works and should be replaced; editors
	// strike it through.
	Deprecated
)

// Diagnostic is one finding.
type Diagnostic struct {
	Rule     string // the rule's name, "syntax" for syntax errors
	Severity Severity
	File     string
	Span     parser.Span
	// Message says what is wrong in one clause: lower case at the start, no
	// full stop, names quoted in backticks.
	Message string
	// Help says what to do about it; it may be empty.
	Help    string
	Related []Related
	Tags    Tag
	// Fix mends the finding; nil if there is no single right answer.
	Fix *Fix
}

// Related is another place that explains a finding, with a note on what it is.
type Related struct {
	File    string
	Span    parser.Span
	Message string
}

// Fix is a set of edits that belong together.
type Fix struct {
	Title string // a phrase with a verb: "remove the unused binding"
	// Safe is set if the edits keep the value of every program, laziness and
	// errors included, so that they may be applied unasked.
	Safe  bool
	Edits []Edit
}

// Edit replaces a range of a file by a text. With Create set the file does not
// exist yet, the range is empty and the text is the whole file.
type Edit struct {
	File   string
	Span   parser.Span
	Text   string
	Create bool
}

// Sort puts findings into their canonical order: by file, place, rule and
// message.
func Sort(ds []Diagnostic) {
	slices.SortFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Span.Start, b.Span.Start),
			cmp.Compare(a.Span.End, b.Span.End),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Message, b.Message),
		)
	})
}

// FromSyntax turns the errors of a tree into findings of the rule "syntax".
func FromSyntax(file string, t *parser.Tree) []Diagnostic {
	var ds []Diagnostic
	for _, e := range t.Errors() {
		d := Diagnostic{
			Rule: "syntax", Severity: Error, File: file, Span: e.Span,
			Message: e.Message, Help: e.Help,
		}
		if e.Related != nil {
			d.Related = []Related{{file, e.Related.Span, e.Related.Message}}
		}
		if e.Fix != nil {
			d.Fix = &Fix{Title: e.Fix.Title, Edits: []Edit{{File: file, Span: e.Fix.Span, Text: e.Fix.Text}}}
		}
		ds = append(ds, d)
	}
	return ds
}
