package rename

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/parser"
)

// inheritedAs writes how a name that an inherit takes from an expression is bound if that calls
// it otherwise, or if it is to be called otherwise here.
func inheritedAs(in parser.Inherit, own, there string) string {
	return own + " = " + edit.Subject(in.From()) + "." + there + ";"
}

// takeOut writes a binding in place of one of the names of an inherit in a file; ok is false if
// comments are in the way.
func takeOut(file string, in parser.Inherit, name parser.Node, binding string) (edits []diagnostic.Edit, ok bool) {
	if !in.Semicolon().IsValid() {
		return nil, false
	}
	var others []string
	for n := range in.Names() {
		if n != name {
			others = append(others, n.Text())
		}
	}
	src := in.Tree().Source()
	before := src[strings.LastIndexByte(src[:in.Span().Start], '\n')+1 : in.Span().Start]
	apart := " "
	if strings.TrimSpace(before) == "" {
		apart = "\n" + before
	}
	if len(others) > 0 && strings.Contains(in.Text(), "\n") {
		end := parser.Span{Start: in.Span().End, End: in.Span().End}
		removed := edit.Remove(src, name.Span())
		removed.File = file
		return []diagnostic.Edit{removed, {File: file, Span: end, Text: apart + binding}}, true
	}
	text := binding
	if len(others) > 0 {
		from := ""
		if in.From().IsValid() {
			from = "(" + in.From().Text() + ") "
		}
		text = "inherit " + from + strings.Join(others, " ") + ";" + apart + binding
	}
	return []diagnostic.Edit{{File: file, Span: in.Span(), Text: text}}, !in.HasComments()
}
