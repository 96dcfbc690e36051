package render

import (
	"bytes"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

// FuzzWrite writes findings with any places, also such as are not in the text,
// in every format. Lines of source must fit the terminal.
func FuzzWrite(f *testing.F) {
	for _, r := range document().Reports {
		for _, d := range r.Findings {
			rel := parser.Span{Start: 1, End: 40}
			if len(d.Related) > 0 {
				rel = d.Related[0].Span
			}
			f.Add(r.Text(d.File), d.Message, d.Span.Start, d.Span.End, rel.Start, rel.End)
		}
	}
	f.Add("a\r\nb\r\n", "at the end of a line", uint32(1), uint32(5), uint32(2), uint32(2))
	f.Add("a\r\nb\r\n", "in the end of a line", uint32(2), uint32(9), uint32(1), uint32(5))
	f.Add(strings.Repeat("日本 ", 90), "wide", uint32(20), uint32(24), uint32(400), uint32(500))
	f.Fuzz(func(t *testing.T, text, message string, start, end, relStart, relEnd uint32) {
		if start > end || relStart > relEnd || len(text) > 1<<12 {
			return
		}
		d := &Document{Dir: "/", Style: Style{Width: 60}, Reports: []*Report{{
			Text: func(string) string { return text },
			Show: func(file string) string { return file },
			Findings: []diagnostic.Diagnostic{{
				Rule: "syntax", Severity: diagnostic.Warning, File: "a.nix", Span: parser.Span{Start: start, End: end}, Message: message,
				Related: []diagnostic.Related{{File: "a.nix", Span: parser.Span{Start: relStart, End: relEnd}}},
				Fix:     &diagnostic.Fix{Edits: []diagnostic.Edit{{File: "a.nix", Span: parser.Span{Start: relStart, End: relEnd}, Text: message}}},
			}},
		}}}
		for _, format := range Formats() {
			var b bytes.Buffer
			if err := d.Write(&b, format); err != nil {
				t.Errorf("%s: %v", format, err)
			}
			if format != "human" {
				continue
			}
			for line := range strings.Lines(b.String()) {
				line = strings.TrimSuffix(line, "\n")
				if strings.Contains(line, " | ") && width(line) > 60+1 && !strings.Contains(message, " | ") {
					t.Errorf("a line has %d columns: %q", width(line), line)
				}
				if strings.ContainsAny(line, "\x1b\r\a") {
					t.Errorf("a line commands the terminal: %q", line)
				}
			}
		}
	})
}
