package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// elsewhere are the tests that Nix runs with a search path or arguments, or that
// look at files outside of their folder.
var elsewhere = []string{"eval-okay-redefine-builtin", "eval-okay-autoargs", "eval-okay-pathexists"}

// TestEvalLanguage prints the values of Nix's own language tests. They are kept
// beside the repository; NIXLINT_VECTORS names another place.
func TestEvalLanguage(t *testing.T) {
	dir := os.Getenv("NIXLINT_VECTORS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "vectors")
	}
	f, err := os.Open(filepath.Join(dir, "nix-lang", "files.jsonl"))
	if os.IsNotExist(err) {
		t.Skip("no vectors")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	differ, err := os.ReadFile(filepath.Join("..", "..", "analysis", "eval", "testdata", "otherwise.txt"))
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	want := make(map[string]string) // what is printed, by test
	s := bufio.NewScanner(f)
	s.Buffer(nil, 64<<20)
	for s.Scan() {
		var f struct{ Path, Text, Latin1, Link string }
		if err := json.Unmarshal(s.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		for _, r := range f.Latin1 {
			f.Text += string([]byte{byte(r)})
		}
		name := filepath.Join(root, "lang", f.Path)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if f.Link != "" {
			err = os.Symlink(f.Link, name)
		} else {
			err = os.WriteFile(name, []byte(f.Text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		if test, ok := strings.CutSuffix(f.Path, ".exp"); ok && strings.HasPrefix(test, "eval-okay-") && !strings.HasSuffix(test, ".err") {
			want[test] = strings.ReplaceAll(f.Text, "/pwd/", root+"/")
		}
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	// Links to folders are not among the vectors.
	for link, target := range map[string]string{"readDir/ldir": "foo", "symlink-resolution/foo/overlays": "../overlays"} {
		if err := os.Symlink(target, filepath.Join(root, "lang", link)); err != nil {
			t.Fatal(err)
		}
	}
	for test, want := range want {
		if _, err := os.Stat(filepath.Join(root, "lang", test+".nix")); err != nil {
			continue // one that several files make
		}
		if strings.Contains(string(differ), "\n"+test+": ") || slices.Contains(elsewhere, test) {
			continue
		}
		t.Run(test, func(t *testing.T) {
			var stdout, stderr strings.Builder
			status := run([]string{"eval", "--strict", "--file", filepath.Join(root, "lang", test+".nix")}, strings.NewReader(""), &stdout, &stderr)
			if got := stdout.String(); status != exitClean || strings.TrimSuffix(got, "\n") != strings.TrimSuffix(want, "\n") {
				t.Errorf("exits with %d\ngot  %swant %s%s", status, got, want, &stderr)
			}
		})
	}
}
