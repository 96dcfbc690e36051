package parser_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/parser"
)

// vectorLines yields the lines of a file of test vectors. The vectors are kept
// beside the repository; NIXLINT_VECTORS names another place. Where there are
// none the caller has only the cases under testdata.
func vectorLines(t *testing.T, name string) [][]byte {
	t.Helper()
	dir := os.Getenv("NIXLINT_VECTORS")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "vectors")
	}
	f, err := os.Open(filepath.Join(dir, name))
	if os.IsNotExist(err) {
		t.Logf("no vectors at %s", filepath.Join(dir, name))
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var lines [][]byte
	s := bufio.NewScanner(f)
	s.Buffer(nil, 64<<20)
	for s.Scan() {
		lines = append(lines, append([]byte(nil), s.Bytes()...))
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

// languageFiles returns Nix's own language tests by name.
func languageFiles(t *testing.T) map[string]string {
	files := make(map[string]string)
	for _, line := range vectorLines(t, "nix-lang/files.jsonl") {
		var f struct{ Path, Text, Latin1 string }
		if err := json.Unmarshal(line, &f); err != nil {
			t.Fatal(err)
		}
		text := f.Text
		if f.Latin1 != "" {
			bytes := make([]byte, 0, len(f.Latin1))
			for _, r := range f.Latin1 {
				bytes = append(bytes, byte(r))
			}
			text = string(bytes)
		}
		files[f.Path] = text
	}
	return files
}

// differing lists the language tests in which nixlint's parser does not give
// the verdict that the test's name promises, each with the reason.
var differing = map[string]string{
	"parse-fail-undef-var.nix":              "undefined variables are found by name resolution, not by the parser",
	"parse-fail-regression-20060610.nix":    "undefined variables are found by name resolution, not by the parser",
	"eval-fail-dynamic-attrs-inherit.nix":   "Nix rejects it while parsing; the test's name is historical",
	"eval-fail-dynamic-attrs-inherit-2.nix": "Nix rejects it while parsing; the test's name is historical",
	"eval-fail-dynamic-attrs-let.nix":       "Nix rejects it while parsing; the test's name is historical",
	"eval-fail-dynamic-attrs-let-2.nix":     "Nix rejects it while parsing; the test's name is historical",
	"eval-fail-dynamic-attrs-let-3.nix":     "Nix rejects it while parsing; the test's name is historical",
	"eval-fail-path-slash.nix":              "Nix rejects it while parsing; the test's name is historical",
	"eval-fail-string-nul-1.nix":            "Nix rejects it while parsing; the test's name is historical",
	"eval-fail-string-nul-2.nix":            "Nix rejects it while parsing; the test's name is historical",
}

var errorPlace = regexp.MustCompile(`at «stdin»:(\d+):(\d+):\n`)

func TestLanguageVectors(t *testing.T) {
	files := languageFiles(t)
	seen := 0
	for name, src := range files {
		if !strings.HasSuffix(name, ".nix") || strings.Contains(name, "/") {
			continue
		}
		wantReject := strings.HasPrefix(name, "parse-fail")
		if !wantReject && !strings.HasPrefix(name, "parse-okay") && !strings.HasPrefix(name, "eval-") {
			continue
		}
		seen++
		t.Run(name, func(t *testing.T) {
			tree := parser.Parse(src)
			rejected := len(tree.Errors()) > 0
			if reason, ok := differing[name]; ok {
				if rejected == wantReject {
					t.Errorf("agrees now; it is listed as differing because %s", reason)
				}
				return
			}
			if rejected != wantReject {
				t.Fatalf("rejected: %v, want %v\n%s", rejected, wantReject, showErrors(tree))
			}
			m := errorPlace.FindAllStringSubmatch(files[strings.TrimSuffix(name, ".nix")+".err.exp"], -1)
			if !wantReject || m == nil {
				return
			}
			// The last place Nix names is the one of the error itself.
			want, _ := strconv.Atoi(m[len(m)-1][1])
			if got := tree.Lines().Line(tree.Errors()[0].Span.Start) + 1; got != want {
				t.Errorf("error on line %d, Nix reports line %d\n%s", got, want, showErrors(tree))
			}
		})
	}
	if len(files) > 0 && seen < 400 {
		t.Errorf("only %d vectors found", seen)
	}
}

func TestGeneratedVectors(t *testing.T) {
	for _, line := range vectorLines(t, "nixfmt/generated.jsonl") {
		var c struct{ ID, In string }
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		tree := parser.Parse(c.In)
		if len(tree.Errors()) > 0 {
			t.Errorf("%s does not parse:\n%s\n%s", c.ID, c.In, showErrors(tree))
		}
		checkTree(t, tree)
	}
}
