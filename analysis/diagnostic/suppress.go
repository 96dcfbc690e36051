package diagnostic

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// Directive is a comment that keeps findings back:
//
//	x = 1; # nixlint-ignore unused-binding: kept for the next release
//
//	# nixlint-ignore unused-binding, shadowed-builtin: as upstream has it
//	map = 1;
//
//	# nixlint-ignore-file unused-formal: generated
//
// At the end of a line it holds for findings that begin on that line; on lines
// of its own, for those that begin on the next line with anything but
// comments. `# deadnix: skip` holds in the same way for the rules about unused
// names.
type Directive struct {
	Comment   parser.Span
	Rules     []RuleRef
	WholeFile bool
	Reason    string
	// Unknown is the first word of a comment that begins with `nixlint-` and
	// is no directive; empty for directives.
	Unknown string
	// Foreign is set for the directive of another tool, which is not ours to
	// find fault with.
	Foreign bool

	line int // the line whose findings it holds back, from 0
}

// Line returns the line, from 0, whose findings the directive holds back. It has
// no meaning for one that holds for the whole file.
func (d Directive) Line() int { return d.line }

// RuleRef is the mention of a rule in a directive.
type RuleRef struct {
	Name string
	Span parser.Span
	// Used is set once the mention has held a finding back.
	Used bool
}

// The rules that `# deadnix: skip` stands for.
var deadnixRules = []string{"unused-argument", "unused-binding", "unused-formal", "unused-inherit"}

const (
	ignoreWord     = "nixlint-ignore"
	ignoreFileWord = "nixlint-ignore-file"
)

// Directives returns the directives of a file in source order.
func Directives(t *parser.Tree) []Directive {
	if !mayDirect(t.Source()) {
		return nil
	}
	var out []Directive
	for tok := range t.Tokens() {
		if !t.HasTriviaBefore(tok) {
			continue
		}
		for v := range t.TriviaBefore(tok) {
			if v.Kind != parser.TriviaLineComment && v.Kind != parser.TriviaBlockComment {
				continue
			}
			d, ok := parseDirective(t.TriviaText(v), v.Span.Start)
			if !ok {
				continue
			}
			d.Comment = v.Span
			lines := t.Lines()
			d.line = lines.Line(v.Span.Start)
			before := tok.Prev()
			if !before.IsValid() || lines.Line(before.Span().End) != d.line {
				d.line = lines.Line(tok.Span().Start)
			}
			out = append(out, d)
		}
	}
	return out
}

// mayDirect reports whether there may be a directive in a text. Most have none, and finding
// that out is fast: from a letter on that is rare.
func mayDirect(text string) bool {
	for {
		i := strings.IndexByte(text, 'x')
		if i < 0 {
			return false
		}
		if text = text[i+1:]; strings.HasPrefix(text, "lint-") || strings.HasPrefix(text, ": skip") {
			return true
		}
	}
}

// parseDirective reads a comment that starts at an offset.
func parseDirective(comment string, at uint32) (d Directive, ok bool) {
	text := strings.TrimPrefix(comment, "#")
	if block, isBlock := strings.CutPrefix(comment, "/*"); isBlock {
		text = strings.TrimSuffix(block, "*/")
	}
	at += uint32(strings.Index(comment, text))
	trimmed := strings.TrimLeft(text, "* \t")
	at += uint32(len(text) - len(trimmed))
	text = strings.TrimRight(trimmed, " \t\r\n")

	if text == "deadnix: skip" {
		for _, r := range deadnixRules {
			d.Rules = append(d.Rules, RuleRef{Name: r, Span: parser.Span{Start: at, End: at + uint32(len(text))}})
		}
		d.Foreign = true
		return d, true
	}
	end := strings.IndexFunc(text, func(c rune) bool { return c != '-' && (c < 'a' || c > 'z') })
	if end < 0 {
		end = len(text)
	}
	word := text[:end]
	switch {
	case word == ignoreWord:
	case word == ignoreFileWord:
		d.WholeFile = true
	case strings.HasPrefix(word, "nixlint-"):
		d.Unknown = word
		return d, true
	default:
		return d, false
	}
	rest := text[end:]
	at += uint32(end)
	names, reason, _ := strings.Cut(rest, ":")
	d.Reason = strings.TrimSpace(reason)
	for name := range strings.SplitSeq(names, ",") {
		lead := len(name) - len(strings.TrimLeft(name, " \t"))
		bare := strings.TrimSpace(name)
		if bare != "" {
			start := at + uint32(lead)
			d.Rules = append(d.Rules, RuleRef{Name: bare, Span: parser.Span{Start: start, End: start + uint32(len(bare))}})
		}
		at += uint32(len(name)) + 1
	}
	return d, true
}

// Suppress removes the findings that a file's directives hold back, and marks
// the mentions of rules that did so. All findings are about the file of t.
// Syntax errors cannot be held back.
func Suppress(t *parser.Tree, directives []Directive, ds []Diagnostic) []Diagnostic {
	if len(directives) == 0 {
		return ds
	}
	return slices.DeleteFunc(ds, func(d Diagnostic) bool {
		if d.Rule == "syntax" {
			return false
		}
		line := t.Lines().Line(d.Span.Start)
		held := false
		for i := range directives {
			dir := &directives[i]
			if !dir.WholeFile && dir.line != line {
				continue
			}
			for j := range dir.Rules {
				if dir.Rules[j].Name == d.Rule {
					dir.Rules[j].Used = true
					held = true
				}
			}
		}
		return held
	})
}
