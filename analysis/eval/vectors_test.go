package eval_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/parser"
)

// languageTests is a source of Nix's own language tests. They are kept beside
// the repository; NIXLINT_VECTORS names another place.
type languageTests struct {
	*eval.Overlay
	links map[string]string
}

const languageDir = "/pwd/lang"

func readLanguageTests(t *testing.T) *languageTests {
	t.Helper()
	dir := os.Getenv("NIXLINT_VECTORS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "vectors")
	}
	name := filepath.Join(dir, "nix-lang", "files.jsonl")
	f, err := os.Open(name)
	if os.IsNotExist(err) {
		t.Skipf("no vectors at %s", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tests := &languageTests{
		Overlay: &eval.Overlay{Root: "/", Files: make(map[string]string)},
		links:   make(map[string]string),
	}
	s := bufio.NewScanner(f)
	s.Buffer(nil, 64<<20)
	for s.Scan() {
		var f struct{ Path, Text, Latin1, Link string }
		if err := json.Unmarshal(s.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		p := path.Join(languageDir, f.Path)
		if f.Link != "" {
			tests.links[p] = path.Join(path.Dir(p), f.Link)
			continue
		}
		for _, r := range f.Latin1 {
			f.Text += string([]byte{byte(r)})
		}
		tests.Files[p] = f.Text
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	// Links to folders are not among the vectors.
	tests.links[languageDir+"/readDir/ldir"] = languageDir + "/readDir/foo"
	tests.links[languageDir+"/symlink-resolution/foo/overlays"] = languageDir + "/symlink-resolution/overlays"
	tests.Files["/nix/store/.links/x"] = ""
	return tests
}

// real resolves the links to folders in a path.
func (l *languageTests) real(p string) string {
	for link, target := range l.links {
		if rest, ok := strings.CutPrefix(p+"/", link+"/"); ok {
			return l.real(path.Join(target, rest))
		}
	}
	return p
}

func (l *languageTests) ReadLink(p string) string {
	return l.links[path.Join(l.real(path.Dir(p)), path.Base(p))]
}

func (l *languageTests) Kind(p string) string { return l.Overlay.Kind(l.real(p)) }

func (l *languageTests) Parse(p string) (*parser.Tree, error) { return l.Overlay.Parse(l.real(p)) }

func (l *languageTests) ReadFile(p string) (string, error) { return l.Overlay.ReadFile(l.real(p)) }

func (l *languageTests) ReadDir(p string) (map[string]string, error) {
	p = l.real(p)
	out, err := l.Overlay.ReadDir(p)
	for link := range l.links {
		if path.Dir(link) == p {
			out[path.Base(link)] = "symlink"
		}
	}
	return out, err
}

// readOtherwise reads the list of the language tests that evaluation does not do
// as Nix does, each with the reason.
func readOtherwise(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile("testdata/otherwise.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]string)
	for line := range strings.Lines(string(data)) {
		if name, reason, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
			out[name] = reason
		}
	}
	return out
}

// TestLanguage evaluates Nix's own language tests and compares what they are
// with what Nix says.
func TestLanguage(t *testing.T) {
	tests, otherwise := readLanguageTests(t), readOtherwise(t)
	for name := range tests.Files {
		test, ok := strings.CutSuffix(path.Base(name), ".nix")
		if !ok || path.Dir(name) != languageDir {
			continue
		}
		want, printed := tests.Files[languageDir+"/"+test+".exp"]
		xml, isXML := tests.Files[languageDir+"/"+test+".exp.xml"]
		fails := strings.HasPrefix(test, "eval-fail-")
		if !fails && (!strings.HasPrefix(test, "eval-okay-") || !printed && !isXML) {
			continue
		}
		t.Run(test, func(t *testing.T) {
			reason, excused := otherwise[test]
			ev := eval.New(tests, eval.DefaultLimits)
			ev.Provide(map[string]eval.Value{"nixPath": searchPath, "currentSystem": eval.String("x86_64-linux")})
			v, err := evalTest(ev, tests, name, test)
			got := ""
			okay := false
			switch {
			case fails:
				deep := ev.Deep(eval.Done(v))
				okay = err != nil || deep != nil || len(ev.Exceeded()) > 0
				if !okay {
					got = ev.Print(v)
				}
				want = "a failure"
			case err != nil:
				got = err.Error()
			case isXML:
				got, want = text(ev.XML(v)), xml
				okay = got == want
			default:
				got = ev.Print(v)
				want = strings.TrimSuffix(want, "\n")
				okay = got == want
			}
			switch {
			case !okay && !excused:
				t.Errorf("got  %s\nwant %s", got, want)
			case okay && excused:
				t.Errorf("it is as in Nix now, though listed as otherwise (%s)", reason)
			}
		})
	}
}

// calls are the tests that are evaluated by a command line of their own.
var calls = map[string]string{
	"eval-okay-autoargs": `(import ./eval-okay-autoargs.nix { lib = import ./lib.nix; xyzzy = "xyzzy!"; }).result`,
}

// searchPath is the one that Nix's tests are run with.
var searchPath = eval.NewList(
	pathEntry("", "dir1"), pathEntry("", "dir2"), pathEntry("dir5", "dir3"), pathEntry("", "dir3"), pathEntry("", "dir4"),
)

func pathEntry(prefix, dir string) eval.Value {
	return eval.NewAttrs(map[string]eval.Value{
		"prefix": eval.String(prefix), "path": eval.String(languageDir + "/" + dir),
	})
}

func evalTest(ev *eval.Evaluator, tests *languageTests, name, test string) (eval.Value, error) {
	if expr := calls[test]; expr != "" {
		return ev.Eval(languageDir+"/call.nix", expr), nil
	}
	if errs := parser.Parse(tests.Files[name]).Errors(); len(errs) > 0 {
		return eval.Null{}, errors.New(errs[0].Message)
	}
	return ev.Import(name, eval.Place{}), nil
}

func text(v eval.Value) string {
	if s, ok := v.(eval.String); ok {
		return string(s)
	}
	return eval.TypeName(v)
}
