package refactor

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

// fromJSON turns selected JSON, as it is pasted from a manual, into Nix.
func fromJSON(p *Place) []Action {
	src := p.tree.Source()
	text := strings.TrimSpace(src[p.Selection.Start:p.Selection.End])
	if text == "" || text[0] != '{' && text[0] != '[' || !json.Valid([]byte(text)) || len(parser.Parse(text).Errors()) == 0 {
		return nil // or it is Nix as it stands
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var b strings.Builder
	if err := writeNix(&b, d); err != nil {
		return nil
	}
	start := p.Selection.Start + uint32(strings.Index(src[p.Selection.Start:p.Selection.End], text))
	return []Action{{
		Title: "turn the JSON into Nix",
		edits: []diagnostic.Edit{{Span: parser.Span{Start: start, End: start + uint32(len(text))}, Text: b.String()}},
	}}
}

// writeNix writes the next value of a document as Nix, with its members in their order.
func writeNix(b *strings.Builder, d *json.Decoder) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch token := token.(type) {
	case json.Delim:
		closing := map[json.Delim]string{'{': "}", '[': "]"}[token]
		b.WriteString(token.String())
		for first := true; d.More(); first = false {
			if first {
				b.WriteString("\n")
			}
			if token == '{' {
				key, err := d.Token()
				if err != nil {
					return err
				}
				name, ok := key.(string)
				if !ok {
					return errors.New("a key that is no string")
				}
				b.WriteString(attrName(name) + " = ")
			}
			var value strings.Builder
			if err := writeNix(&value, d); err != nil {
				return err
			}
			if token == '[' && strings.HasPrefix(value.String(), "-") {
				b.WriteString("(" + value.String() + ")")
			} else {
				b.WriteString(value.String())
			}
			if token == '{' {
				b.WriteString(";")
			}
			b.WriteString("\n")
		}
		if _, err := d.Token(); err != nil && err != io.EOF {
			return err
		}
		b.WriteString(" " + closing)
	case string:
		b.WriteString(quoted(token))
	case json.Number:
		b.WriteString(number(token))
	case bool:
		b.WriteString(strconv.FormatBool(token))
	default:
		b.WriteString("null")
	}
	return nil
}

// number returns a number as Nix writes it, where an exponent wants a point.
func number(n json.Number) string {
	f, err := n.Float64()
	if err != nil || !strings.ContainsAny(n.String(), "eE") {
		return n.String()
	}
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// quoted returns a text as a string of Nix.
func quoted(text string) string {
	return `"` + escapes.Replace(text) + `"`
}

// attrName returns a text as the name of an attribute.
func attrName(text string) string {
	tree := parser.Parse("{ " + text + " = 1; }")
	if b := tree.Expr().Child(0); len(tree.Errors()) == 0 && b.Is(parser.KindBinding) {
		path := parser.Binding{Node: b}.Path()
		if path.ChildCount() == 1 && path.Child(0).Is(parser.KindName) && path.Text() == text {
			return text
		}
	}
	return quoted(text)
}
