package refactor

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

// escapes writes a text between double quotes.
var escapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "${", `\${`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// literal returns the string that the selection is in.
func (p *Place) literal(kind parser.Kind) (s parser.String, ok bool) {
	if !p.at.Is(kind) || p.at.Parent().Is(parser.KindAttrPath) || p.at.Parent().Is(parser.KindInherit) {
		return s, false
	}
	return parser.String{Node: p.at}, true
}

// indent turns "…" into an indented string.
func indent(p *Place) []Action {
	s, ok := p.literal(parser.KindString)
	if !ok {
		return nil
	}
	lines := strings.Contains(textOf(s.Parts()), "\n")
	if !lines && !strings.ContainsAny(textOf(s.Parts()), `"\`) {
		return nil // the formatter would write it with double quotes again
	}
	escape := strings.NewReplacer("''", "'''", "${", "''${", "\r", `''\r`, "\t", `''\t`)
	var b strings.Builder
	b.WriteString("''")
	if lines {
		b.WriteString("\n")
	}
	parts := s.Parts()
	for i, part := range parts {
		text := escape.Replace(part.Text)
		// What would be read together with the interpolation behind it.
		if i+1 < len(parts) && strings.HasSuffix(text, "$") {
			text = strings.TrimSuffix(text, "$") + "''$"
		}
		b.WriteString(text)
		if part.Interp.IsValid() {
			b.WriteString(part.Interp.Text())
		}
	}
	b.WriteString("''")
	return p.string(b.String(), "write the string with two single quotes")
}

// quote turns an indented string into "…".
func quote(p *Place) []Action {
	s, ok := p.literal(parser.KindIndString)
	if !ok {
		return nil
	}
	var b strings.Builder
	b.WriteString(`"`)
	parts := s.Parts()
	for i, part := range parts {
		text := escapes.Replace(part.Text)
		if i+1 < len(parts) && strings.HasSuffix(text, "$") {
			text = strings.TrimSuffix(text, "$") + `\$`
		}
		b.WriteString(text)
		if part.Interp.IsValid() {
			b.WriteString(part.Interp.Text())
		}
	}
	b.WriteString(`"`)
	return p.string(b.String(), "write the string with double quotes")
}

// string puts another string in the place of the one at the selection, if it has the
// same value.
func (p *Place) string(text, title string) []Action {
	other := parser.Parse(text).Expr()
	if !other.Is(parser.KindString) && !other.Is(parser.KindIndString) {
		return nil
	}
	if !slices.EqualFunc(parser.String{Node: p.at}.Parts(), parser.String{Node: other}.Parts(), func(a, b parser.Part) bool {
		return a.Text == b.Text && a.Interp.IsValid() == b.Interp.IsValid()
	}) {
		return nil
	}
	return []Action{{Title: title, edits: []diagnostic.Edit{{Span: p.at.Span(), Text: text}}}}
}

func textOf(parts []parser.Part) (text string) {
	for _, part := range parts {
		text += part.Text
	}
	return text
}

// hasQuotedName reports whether a set names one of its attributes by a string.
func hasQuotedName(set parser.Node) bool {
	for b := range set.Children() {
		if b.Is(parser.KindBinding) && (parser.Binding{Node: b}).Path().Child(0).Is(parser.KindString) {
			return true
		}
	}
	return false
}

// quoteName turns the name of an attribute, beside others that are strings, into a string, and
// back.
func quoteName(p *Place) []Action {
	if !p.at.Parent().Is(parser.KindAttrPath) {
		return nil
	}
	switch p.at.Kind() {
	case parser.KindName:
		if b := p.at.Parent().Parent(); !b.Is(parser.KindBinding) || !hasQuotedName(b.Parent()) {
			return nil // or it would be offered everywhere
		}
		return []Action{{Title: "quote the name", edits: []diagnostic.Edit{{Span: p.at.Span(), Text: `"` + p.at.Text() + `"`}}}}
	case parser.KindString:
		name, ok := parser.StaticName(p.at)
		if !ok || attrName(name) != name {
			return nil
		}
		return []Action{{Title: "take the quotes from the name", edits: []diagnostic.Edit{{Span: p.at.Span(), Text: name}}}}
	}
	return nil
}
