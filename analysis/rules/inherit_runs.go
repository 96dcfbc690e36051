package rules

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/parser"
)

// inheritRuns passes each run of neighbouring bindings of a set or let that
// could be inherited from the same place to report. from gives the place, and
// whether the binding is of this kind at all. Comments end a run.
func inheritRuns(set parser.Node, from func(parser.Binding) (string, bool), report func(run []parser.Binding, from string)) {
	var run []parser.Binding
	source := ""
	flush := func() {
		if len(run) > 0 {
			report(run, source)
		}
		run = nil
	}
	for entry := range set.Children() {
		if !entry.Is(parser.KindBinding) {
			flush()
			continue
		}
		b := parser.Binding{Node: entry}
		src, ok := from(b)
		if !ok || entry.HasComments() {
			flush()
			continue
		}
		if len(run) > 0 {
			last := run[len(run)-1]
			if src != source || edit.CommentIn(set.Tree(), parser.Span{Start: last.Span().End, End: entry.Span().Start}) {
				flush()
			}
		}
		run, source = append(run, b), src
	}
	flush()
}

// plainName returns the name that a binding binds if it is a single name
// without quotes.
func plainName(b parser.Binding) (string, bool) {
	path := b.Path()
	if path.ChildCount() != 1 || !path.Child(0).Is(parser.KindName) {
		return "", false
	}
	name := path.Child(0).Text()
	return name, name != "or"
}

// inheritInstead returns the fix that replaces a run of bindings by one
// inherit, which takes up those beside it that inherit from the same place.
func inheritInstead(run []parser.Binding, from string) *diagnostic.Fix {
	first, last := run[0].Node, run[len(run)-1].Node
	var before, behind parser.Node
	for entry := range first.Parent().Children() {
		switch {
		case entry.Span().End <= first.Span().Start:
			before = entry
		case !behind.IsValid() && entry.Span().Start >= last.Span().End:
			behind = entry
		}
	}
	var names []string
	if inheritsFrom(before, from) && isTogether(before, first) {
		first = before
		names = inheritedNames(before)
	}
	for _, b := range run {
		names = append(names, b.Path().Text())
	}
	if inheritsFrom(behind, from) && isTogether(last, behind) {
		last = behind
		names = append(names, inheritedNames(behind)...)
	}
	text := "inherit "
	if from != "" {
		text += "(" + from + ") "
	}
	s := parser.Span{Start: first.Span().Start, End: last.Span().End}
	return fix("use `inherit`", true, diagnostic.Edit{Span: s, Text: text + strings.Join(names, " ") + ";"})
}

// inheritsFrom reports whether a node is an inherit from a place, or from the
// variables around if it is empty, and there is no comment in it.
func inheritsFrom(n parser.Node, from string) bool {
	if !n.Is(parser.KindInherit) || n.HasComments() {
		return false
	}
	source := parser.Inherit{Node: n}.From()
	return source.IsValid() && source.Text() == from || !source.IsValid() && from == ""
}

// isTogether reports whether two neighbours have neither a comment nor a blank
// line between them.
func isTogether(a, b parser.Node) bool {
	gap := parser.Span{Start: a.Span().End, End: b.Span().Start}
	return !edit.CommentIn(a.Tree(), gap) && strings.Count(a.Tree().Source()[gap.Start:gap.End], "\n") < 2
}

func inheritedNames(n parser.Node) []string {
	var names []string
	for name := range (parser.Inherit{Node: n}).Names() {
		names = append(names, name.Text())
	}
	return names
}

// quotedNames lists the names that the bindings bind.
func quotedNames(run []parser.Binding) string {
	var names []string
	for _, b := range run {
		names = append(names, "`"+b.Path().Text()+"`")
	}
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
