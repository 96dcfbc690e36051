package parser

import "strings"

// String is a string literal of either kind.
type String struct{ Node }

// IsIndented reports whether the string is an indented one, written with two single quotes.
func (n String) IsIndented() bool { return n.Kind() == KindIndString }

// Part is a piece of a string or path: literal text or an interpolation.
type Part struct {
	// Text is the literal text, with escapes decoded and indentation stripped;
	// it is empty for an interpolation.
	Text string
	// Interp is the KindInterp node, invalid for literal text.
	Interp Node
}

// Static returns the value of a string without interpolations.
func (n String) Static() (value string, ok bool) {
	if n.ChildCount() > 0 {
		return "", false
	}
	for _, p := range n.Parts() {
		value += p.Text
	}
	return value, true
}

// Parts returns the pieces the string's value is made of, exactly as Nix makes
// it: escapes are decoded, carriage returns are normalised in `"` strings and
// common indentation is stripped from indented strings. Text is never empty.
func (n String) Parts() []Part {
	if n.IsIndented() {
		return n.indentedParts()
	}
	var parts []Part
	for e := range n.Elements() {
		switch {
		case e.Node.Is(KindInterp):
			parts = append(parts, Part{Interp: e.Node})
		case e.Token.IsValid() && e.Token.Kind() == TokenStringText:
			parts = append(parts, Part{Text: unescape(e.Token.Text())})
		}
	}
	return parts
}

// unescape decodes the escapes of a `"` string (unescapeStr in Nix's lexer.l).
func unescape(raw string) string {
	if strings.IndexByte(raw, '\\') < 0 && strings.IndexByte(raw, '\r') < 0 {
		return raw
	}
	var b strings.Builder
	b.Grow(len(raw))
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; c {
		case '\\':
			if i++; i < len(raw) {
				b.WriteByte(unescapeByte(raw[i]))
			}
		case '\r':
			b.WriteByte('\n')
			if i+1 < len(raw) && raw[i+1] == '\n' {
				i++
			}
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func unescapeByte(c byte) byte {
	switch c {
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// fragment is a piece of an indented string as Nix's lexer cuts it.
type fragment struct {
	text   string
	interp Node
	// plain is set for text whose leading blanks count as indentation; what
	// came from an escape does not.
	plain bool
}

// indFragments cuts the text between two interpolations at its escapes.
func indFragments(raw string, out []fragment) []fragment {
	start := 0
	flush := func(end int) {
		if end > start {
			out = append(out, fragment{text: raw[start:end], plain: true})
		}
	}
	at := func(i int) byte {
		if i < len(raw) {
			return raw[i]
		}
		return 0
	}
	for i := 0; i < len(raw); {
		c := raw[i]
		switch {
		case c == '\'' && at(i+1) == '\'':
			flush(i)
			switch at(i + 2) {
			case '\\':
				if i+3 < len(raw) {
					text := string(unescapeByte(raw[i+3]))
					if raw[i+3] >= 0x80 {
						text = raw[i+3 : i+4] // one byte of a character
					}
					if raw[i+3] == '\r' {
						text = "\n"
					}
					out = append(out, fragment{text: text})
				}
				i += 4
			case '\'':
				out = append(out, fragment{text: "''"})
				i += 3
			default:
				out = append(out, fragment{text: "$"})
				i += 3
			}
			start = i
		case (c == '\'' && at(i+1) == '$') || (c == '$' && at(i+1) == '\'') || (c == '\'' || c == '$') && i+1 == len(raw):
			flush(i)
			out = append(out, fragment{text: raw[i : i+1]})
			i++
			start = i
		case c == '\'' || c == '$':
			i += 2
		default:
			i++
		}
	}
	if start < len(raw) {
		flush(len(raw))
	}
	return out
}

// indentedParts strips indentation as ParserState::stripIndentation does in
// Nix: blanks common to all lines that hold anything but blanks, and a last
// line of blanks only.
func (n String) indentedParts() []Part {
	var frags []fragment
	for e := range n.Elements() {
		switch {
		case e.Node.Is(KindInterp):
			frags = append(frags, fragment{interp: e.Node})
		case e.Token.IsValid() && e.Token.Kind() == TokenStringText:
			frags = indFragments(e.Token.Text(), frags)
		}
	}

	const noIndent = 1_000_000
	minIndent, indent := noIndent, 0
	lineStart := true
	for _, f := range frags {
		if !f.plain {
			if lineStart {
				lineStart = false
				minIndent = min(minIndent, indent)
			}
			continue
		}
		for i := range len(f.text) {
			switch c := f.text[i]; {
			case c == '\n':
				lineStart, indent = true, 0
			case !lineStart:
			case c == ' ':
				indent++
			default:
				lineStart = false
				minIndent = min(minIndent, indent)
			}
		}
	}

	var parts []Part
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			parts = append(parts, Part{Text: text.String()})
			text.Reset()
		}
	}
	lineStart = true
	dropped := 0
	for i, f := range frags {
		if f.interp.IsValid() {
			flush()
			parts = append(parts, Part{Interp: f.interp})
			lineStart, dropped = false, 0
			continue
		}
		var s strings.Builder
		for j := range len(f.text) {
			c := f.text[j]
			switch {
			case !lineStart:
				lineStart = c == '\n'
			case c == ' ':
				if dropped++; dropped <= minIndent {
					continue
				}
			case c == '\n':
				dropped = 0
			default:
				lineStart, dropped = false, 0
			}
			s.WriteByte(c)
		}
		stripped := s.String()
		if i == len(frags)-1 {
			if nl := strings.LastIndexByte(stripped, '\n'); nl >= 0 && strings.Trim(stripped[nl+1:], " ") == "" {
				stripped = stripped[:nl+1]
			}
		}
		text.WriteString(stripped)
	}
	flush()
	return parts
}

// Path is a path literal.
type Path struct{ Node }

// Parts returns the literal text and the interpolations of the path.
func (n Path) Parts() []Part {
	var parts []Part
	for e := range n.Elements() {
		switch {
		case e.Node.Is(KindInterp):
			parts = append(parts, Part{Interp: e.Node})
		case e.Token.IsValid() && e.Token.Kind() == TokenPathText:
			parts = append(parts, Part{Text: e.Token.Text()})
		}
	}
	return parts
}

// Static returns the text of a path without interpolations.
func (n Path) Static() (text string, ok bool) {
	if n.ChildCount() > 0 {
		return "", false
	}
	return n.Text(), true
}

// IsHome reports whether the path starts in the home directory: `~/…`.
func (n Path) IsHome() bool { return strings.HasPrefix(n.Text(), "~") }

// IsAbsolute reports whether the path starts at the file system's root.
func (n Path) IsAbsolute() bool { return strings.HasPrefix(n.Text(), "/") }
