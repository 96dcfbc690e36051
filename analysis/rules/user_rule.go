package rules

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/pattern"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/parser"
)

// User returns the rules that the settings define, in their order.
func User(s *config.Settings) []*Rule {
	var out []*Rule
	for _, u := range s.UserRules {
		out = append(out, userRule(u))
	}
	return out
}

// userRule makes a rule of one of the user's.
func userRule(u config.UserRule) *Rule {
	r := &Rule{
		Name:     u.Name,
		Group:    config.UserGroup,
		Severity: u.Severity,
		Default:  true,
		Summary:  u.Message,
		Why:      describePattern(u),
		Kinds:    u.Query.Kinds(),
		Node: func(f *File, n parser.Node) {
			if m, ok := u.Query.Find(n); ok {
				f.Report(diagnostic.Diagnostic{Span: m.Span, Message: m.Expand(u.Message), Help: m.Expand(u.Help), Fix: fixOf(u.Query, m, u.Safe)})
			}
		},
	}
	if u.Fix != "" {
		r.Fix = UnsafeFix
		if u.Safe {
			r.Fix = SafeFix
		}
	}
	for _, t := range u.Tests {
		if r.Bad == "" && t.Fixed != "" {
			r.Bad, r.Good = lines(t.Code), lines(t.Fixed)
		}
	}
	return r
}

// describePattern says in Markdown what a rule looks for.
func describePattern(u config.UserRule) string {
	var b strings.Builder
	if u.Help != "" {
		fmt.Fprintf(&b, "%s.\n\n", capitalised(strings.TrimSuffix(u.Help, ".")))
	}
	fmt.Fprintf(&b, "Defined in line %d of `%s`. Looks for:\n\n```nix\n%s```\n", u.Pos.Line, filepath.Base(u.File), lines(u.Pattern))
	if u.Fix != "" {
		fmt.Fprintf(&b, "\nPuts in its place:\n\n```nix\n%s```\n", lines(u.Fix))
	}
	return b.String()
}

// lines returns a text with a line end at its end.
func lines(text string) string { return strings.TrimSpace(text) + "\n" }

// shownFix is the number of characters up to which the title of a fix tells the
// code that it makes.
const shownFix = 60

// fixOf makes the fix for what a query has found. There is none if the query
// has no template, or if a comment would be lost.
func fixOf(q *pattern.Query, m pattern.Match, safe bool) *diagnostic.Fix {
	t := q.Fix()
	if t == nil {
		return nil
	}
	text, level, ok := t.Render(m)
	if !ok {
		return nil
	}
	lost := losesComment(m, m.Span, t.Kept(m))
	edit := replaceMatch(m, text, level)
	if (lost || strings.Contains(text, "\n")) && level >= m.Slot() {
		if span, short, ok := t.Trim(m, text); ok {
			lost = losesComment(m, span, t.Kept(m))
			edit = replacePart(m, span, short)
		}
	}
	if lost {
		return nil
	}
	title := "rewrite it"
	if !strings.Contains(text, "\n") && utf8.RuneCountInString(text) <= shownFix {
		title = "replace by `" + text + "`"
	}
	return fix(title, safe, edit)
}

// replaceMatch returns an edit that puts code in the place of a match.
func replaceMatch(m pattern.Match, text string, level precedence.Level) diagnostic.Edit {
	if m.IsWhole() {
		return edit.Replace(m.Node(), text, level)
	}
	if level < m.Slot() {
		text = "(" + text + ")"
	}
	return edit.ReplaceSpan(m.Node().Tree().Source(), m.Span, text)
}

// replacePart returns an edit that puts other code in the place of a part of a
// match. It is set off from what stands around the match; inside, where the part
// may be in a string, it stands as it is.
func replacePart(m pattern.Match, part parser.Span, text string) diagnostic.Edit {
	apart := edit.ReplaceSpan(m.Node().Tree().Source(), part, text).Text
	if part.Start == m.Span.Start && strings.HasPrefix(apart, " ") {
		text = " " + text
	}
	if part.End == m.Span.End && strings.HasSuffix(apart, " ") {
		text += " "
	}
	return diagnostic.Edit{Span: part, Text: text}
}

// losesComment reports whether a comment stands in the part of a match that is
// replaced, outside of the places that are kept.
func losesComment(m pattern.Match, replaced parser.Span, kept []parser.Span) bool {
	t := m.Node().Tree()
	at := replaced.Start
	for _, k := range kept {
		if k.Start < at || k.End > replaced.End {
			continue // it stays, or is a name of a set around the match
		}
		if edit.CommentIn(t, parser.Span{Start: at, End: k.Start}) {
			return true
		}
		at = k.End
	}
	return edit.CommentIn(t, parser.Span{Start: at, End: replaced.End})
}
