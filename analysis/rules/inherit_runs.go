package rules

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
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
			if src != source || commentIn(set.Tree(), parser.Span{Start: last.Span().End, End: entry.Span().Start}) {
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
// inherit.
func inheritInstead(run []parser.Binding, from string) *diagnostic.Fix {
	text := "inherit"
	if from != "" {
		text += " (" + from + ")"
	}
	for _, b := range run {
		text += " " + b.Path().Text()
	}
	s := parser.Span{Start: run[0].Span().Start, End: run[len(run)-1].Span().End}
	return fix("use `inherit`", true, diagnostic.Edit{Span: s, Text: text + ";"})
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
