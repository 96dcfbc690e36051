package render

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fatih/color"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

var update = flag.Bool("update", false, "write the results into the golden files")

// report makes a report of findings that are awkward to show.
func report() *Report {
	texts := map[string]string{
		"tabs.nix":  "{\n\ta =\t./x;\n}\n",
		"wide.nix":  "{ 名前 = \"日本語\"; é = ./x; }\n",
		"long.nix":  "{ a = [ " + strings.Repeat("aaaaaaaaa ", 40) + "./x " + strings.Repeat("bbbbbbbbb ", 40) + "]; }\n",
		"lines.nix": "{\n  a = {\n    b = 1;\n  };\n}\n",
		"end.nix":   "{ a = 1;",
		"crlf.nix":  "{\r\n  a = ./x;\r\n}\r\n",
		"ctrl.nix":  "{ a = \"\x1b[31m\"; }\n",
	}
	find := func(file, text string) parser.Span {
		i := uint32(strings.Index(texts[file], text))
		return parser.Span{Start: i, End: i + uint32(len(text))}
	}
	d := func(file, text, message string) diagnostic.Diagnostic {
		return diagnostic.Diagnostic{
			Rule: "a-rule", Severity: diagnostic.Warning, File: file, Span: find(file, text), Message: message,
		}
	}
	end := uint32(len(texts["end.nix"]))
	r := &Report{
		Files: len(texts),
		Text:  func(file string) string { return texts[file] },
		Show:  func(file string) string { return "dir/" + file },
		Findings: []diagnostic.Diagnostic{
			d("tabs.nix", "./x", "behind tabs"),
			d("wide.nix", "./x", "behind wide characters"),
			d("wide.nix", "名前", "wide itself"),
			d("long.nix", "./x", "in a long line"),
			d("lines.nix", "{\n    b = 1;\n  }", "over several lines"),
			{Rule: "syntax", Severity: diagnostic.Error, File: "end.nix", Span: parser.Span{Start: end, End: end},
				Message: "at the end of a file without a line end", Help: "close it"},
			d("crlf.nix", "./x;", "before a carriage return"),
			d("ctrl.nix", "\"\x1b[31m\"", "with control characters"),
			{Rule: "b-rule", Severity: diagnostic.Info, File: "tabs.nix", Span: find("tabs.nix", "a"), Message: "with more",
				Related: []diagnostic.Related{{File: "lines.nix", Span: find("lines.nix", "b"), Message: "the other place"}},
				Fix:     &diagnostic.Fix{Title: "remove it", Edits: []diagnostic.Edit{{File: "tabs.nix", Span: find("tabs.nix", "a")}}}},
		},
	}
	return r
}

// TestFormats compares every format with its golden file.
func TestFormats(t *testing.T) {
	for _, colour := range []bool{false, true} {
		color.NoColor = !colour
		for _, format := range Formats {
			name := format
			if colour {
				if format != "human" {
					continue
				}
				name += "-colour"
			}
			var b strings.Builder
			if err := report().Write(&b, format); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if b.String() != string(want) {
				t.Errorf("%s: got\n%s\nwant\n%s", name, b.String(), want)
			}
		}
	}
	color.NoColor = true
	if err := report().Write(&strings.Builder{}, "xml"); err == nil {
		t.Error("an unknown format is written")
	}
}
