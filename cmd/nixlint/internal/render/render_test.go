package render

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/parser"
)

var update = flag.Bool("update", false, "write the results into the golden files")

// document makes a document of findings that are awkward to show.
func document() *Document {
	texts := map[string]string{
		"tabs.nix":           "{\n\ta =\t./x;\n}\n",
		"wide.nix":           "{ 名前 = \"日本語\"; é = ./x; }\n",
		"long.nix":           "{ a = [ " + strings.Repeat("aaaaaaaaa ", 40) + "./x " + strings.Repeat("bbbbbbbbb ", 40) + "]; }\n",
		"lines.nix":          "{\n  a = {\n    b = 1;\n  };\n}\n",
		"end.nix":            "{ a = 1;",
		"crlf.nix":           "{\r\n  a = ./x;\r\n}\r\n",
		"box.nix":            "{\n  services = rec {\n    a = 1;\n    b = 2;\n    c = 3;\n    d = 4;\n    e = f;\n  }; # the end\n\n  list = [\n    1\n  ];\n}\n",
		"same.nix":           "{ alpha = 1; beta = alpha; gamma = beta; 語 = alpha; }\n\n# next\n\n{ }\n",
		"ctrl.nix":           "{ a = \"\x1b[31m\"; }\n",
		"a, b: 100%/<&>.nix": "{ }\n",
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
			{Rule: "a-rule", Severity: diagnostic.Error, File: "box.nix", Span: find("box.nix", "rec {\n    a = 1;\n    b = 2;\n    c = 3;\n    d = 4;\n    e = f;\n  }"), Message: "a long box",
				Related: []diagnostic.Related{
					{File: "box.nix", Span: find("box.nix", "f;"), Message: "inside of the box"},
					{File: "box.nix", Span: find("box.nix", "[\n    1\n  ]"), Message: "of many lines, but not the first of them"}},
				Fix: &diagnostic.Fix{Title: "remove a line", Safe: true, Edits: []diagnostic.Edit{{File: "box.nix", Span: find("box.nix", "    b = 2;\n")}}}},
			{Rule: "a-rule", Severity: diagnostic.Warning, File: "same.nix", Span: find("same.nix", "beta"), Message: "with labels on the same line",
				Related: []diagnostic.Related{
					{File: "same.nix", Span: find("same.nix", "alpha"), Message: "the first"},
					{File: "same.nix", Span: find("same.nix", "gamma"), Message: "the third"},
					{File: "same.nix", Span: find("same.nix", "語"), Message: "the last"},
					{File: "same.nix", Span: find("same.nix", "# next"), Message: "after a gap"}},
				Fix: &diagnostic.Fix{Title: "rename it", Edits: []diagnostic.Edit{{File: "same.nix", Span: find("same.nix", "beta"), Text: "βeta"}}}},
			d("box.nix", "[\n    1\n  ]", "a short box for `${0}`"),
			{Rule: "syntax", Severity: diagnostic.Info, File: "same.nix", Span: find("same.nix", "{ alpha = 1"), Message: "with too many \x1b[1mplaces\u202e"},
			d("box.nix", "services = rec {\n    a = 1;", "a box from the start of a line"),
			d("a, b: 100%/<&>.nix", "}", "100% of `<&\">`, ::or\r\nmore"),
		},
	}
	for range 9 {
		r.Findings[12].Related = append(r.Findings[12].Related, diagnostic.Related{File: "same.nix", Span: find("same.nix", "next")})
	}
	other := &Report{
		Files: 2,
		Text:  func(string) string { return "{ a = ./x; }\n" },
		Show:  func(file string) string { return "../other/" + file },
		Findings: []diagnostic.Diagnostic{
			{Rule: "unused-binding", Severity: diagnostic.Warning, File: "a.nix", Span: parser.Span{Start: 2, End: 3}, Message: "in another repository",
				Fix: &diagnostic.Fix{Title: "make a file", Safe: true, Edits: []diagnostic.Edit{
					{File: "a.nix", Span: parser.Span{Start: 6, End: 9}, Text: "./y"}, {File: "x.nix", Text: "{ }\n", Create: true},
					{File: "a.nix", Span: parser.Span{Start: 2, End: 3}, Text: "b"}}}},
		},
	}
	return &Document{Reports: []*Report{r, other}, Dir: "/home/me/a place", Version: "1.2.3"}
}

// TestFormats compares every format with its golden file.
func TestFormats(t *testing.T) {
	UseColor(false)
	for _, format := range Formats() {
		compareGolden(t, format, func(w io.Writer) error { return document().Write(w, format) })
		compareGolden(t, format+"-empty", func(w io.Writer) error { return (&Document{Dir: "/home/me"}).Write(w, format) })
	}
	for _, format := range []string{"human", "json"} {
		compareGolden(t, "statistics-"+format, func(w io.Writer) error { return document().Statistics(w, format) })
	}
	narrow := document()
	narrow.Style.Width = 50
	compareGolden(t, "human-narrow", func(w io.Writer) error { return narrow.Write(w, "human") })
	UseColor(true)
	linked := document()
	linked.Style.Links = true
	compareGolden(t, "human-colour", func(w io.Writer) error { return linked.Write(w, "human") })
	compareGolden(t, "diff-colour", func(w io.Writer) error { return Diff(w, "a.nix", "1\n-- 2\n3\n", "1\n++ 2\n3") })
	UseColor(false)
	compareGolden(t, "diff", func(w io.Writer) error { return Diff(w, "a.nix", "1\n-- 2\n3\n", "1\n++ 2\n3") })
	if err := document().Write(io.Discard, "xml"); err == nil {
		t.Error("an unknown format is written")
	}
	if err := document().Statistics(io.Discard, "sarif"); err == nil {
		t.Error("statistics are written as SARIF")
	}
}

// compareGolden compares what is written with a golden file, in which JSON has
// many lines.
func compareGolden(t *testing.T, name string, write func(io.Writer) error) {
	t.Helper()
	var b strings.Builder
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	switch {
	case strings.HasPrefix(name, "sarif"):
		got = indentSARIF(t, got)
	case strings.HasPrefix(got, "{") || strings.HasPrefix(got, "["):
		var lines bytes.Buffer
		if err := json.Indent(&lines, []byte(got), "", "  "); err != nil {
			t.Fatal(err)
		}
		got = lines.String()
	}
	golden := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

// indentSARIF leaves out nixlint's rules, which change, and writes the rest on
// many lines.
func indentSARIF(t *testing.T, text string) string {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	run := doc["runs"].([]any)[0].(map[string]any)
	driver := run["tool"].(map[string]any)["driver"].(map[string]any)
	all := driver["rules"].([]any)
	for _, r := range run["results"].([]any) {
		result := r.(map[string]any)
		i := int(result["ruleIndex"].(float64))
		if id := all[i].(map[string]any)["id"]; id != result["ruleId"] {
			t.Errorf("the rule of a finding of %v is %v", result["ruleId"], id)
		}
		delete(result, "ruleIndex")
	}
	driver["rules"] = all[len(rules.All()):]
	out, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(out) + "\n"
}
