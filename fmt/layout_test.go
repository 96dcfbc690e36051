package nixfmt

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// layoutCase is one case of testdata/layout. The cases of named.txt each show
// one rule, those of random.txt are random documents; the results of both are
// what nixfmt's layout makes of these documents. A case is a blank-separated
// block of
//
//	# comments
//	width=20 indent=2
//	the document, see parseDoc
//	= the normalised document, see doc.dump
//	|the lines of the layout
type layoutCase struct {
	name          string
	width, indent int
	doc           string
	normal        string
	want          string
}

func layoutCases(t testing.TB) []layoutCase {
	t.Helper()
	files, err := filepath.Glob("testdata/layout/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no layout cases: %v", err)
	}
	var cases []layoutCase
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, block := range strings.Split(strings.TrimSpace(string(content)), "\n\n") {
			c := layoutCase{name: fmt.Sprintf("%s/%d", filepath.Base(file), i)}
			var out []string
			for line := range strings.SplitSeq(block, "\n") {
				switch {
				case strings.HasPrefix(line, "# "):
				case strings.HasPrefix(line, "width="):
					if _, err := fmt.Sscanf(line, "width=%d indent=%d", &c.width, &c.indent); err != nil {
						t.Fatalf("%s: %v", c.name, err)
					}
				case strings.HasPrefix(line, "= "):
					c.normal = line[2:]
				case strings.HasPrefix(line, "|"):
					out = append(out, line[1:])
				default:
					c.doc += line + "\n"
				}
			}
			c.want = strings.Join(out, "\n")
			cases = append(cases, c)
		}
	}
	return cases
}

func TestLayout(t *testing.T) {
	var l layout
	for _, c := range layoutCases(t) {
		t.Run(c.name, func(t *testing.T) {
			d := parseDoc(t, c.doc)
			if got := d.dump(); got != c.normal {
				t.Errorf("normalised document of %s\ngot  %s\nwant %s", c.doc, got, c.normal)
			}
			l.out = l.out[:0]
			l.run(d, c.width, c.indent)
			if got := string(l.out); got != c.want {
				t.Errorf("width %d, indent %d: %s\ngot:\n%s\nwant:\n%s", c.width, c.indent, c.doc, got, c.want)
			}
		})
	}
}

// TestLayoutReuse checks that nothing of one document is left for the next.
func TestLayoutReuse(t *testing.T) {
	cases := layoutCases(t)
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(cases), func(i, j int) { cases[i], cases[j] = cases[j], cases[i] })
	var l layout
	for _, c := range cases {
		l.out = l.out[:0]
		l.run(parseDoc(t, c.doc), c.width, c.indent)
		if got := string(l.out); got != c.want {
			t.Errorf("%s after other documents: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestMergeIsCommutative(t *testing.T) {
	for x := range newlines0 + 4 {
		for y := range newlines0 + 4 {
			if x != newlines0 && y != newlines0 && merge(x, y) != merge(y, x) {
				t.Errorf("merge(%d, %d) = %d, but the other way round %d", x, y, merge(x, y), merge(y, x))
			}
		}
	}
}

// nestedCalls is a document as that of `f { a = …; b = 2; } { c = 1; d = 2; }`
// with calls in calls. Every level has two priority groups, of which the first
// fits only after the second was tried; done the obvious way, that doubles the
// time with every level.
func nestedCalls(depth int) string {
	arg := `>(!("{" >(hardline (%s) hardline "b = 2;") hardline "}")) space >(!("{" >(hardline "c = 1;" hardline "d = 2;") hardline "}"))`
	text := `"x"`
	for range depth {
		text = fmt.Sprintf(`"a =" hardspace (?("f" space `+arg+`) ";")`, text)
	}
	return text
}

func TestLayoutOfDeepCalls(t *testing.T) {
	var l layout
	for _, depth := range []int{1, 10, 1000} {
		l.out = l.out[:0]
		l.run(parseDoc(t, nestedCalls(depth)), 100, 2)
		if got := strings.Count(string(l.out), "c = 1;"); got != depth {
			t.Errorf("depth %d: %d of the calls are printed", depth, got)
		}
	}
}

// FuzzLayout checks what holds for every document: no panic, and all the text
// in its order.
func FuzzLayout(f *testing.F) {
	for _, c := range layoutCases(f) {
		f.Add(c.doc, c.width, c.indent)
	}
	f.Fuzz(func(t *testing.T, text string, width, indent int) {
		if width < 0 || width > 200 || indent < 0 || indent > 8 || len(text) > 1000 {
			t.Skip()
		}
		p := docParser{t: skipper{t}, rest: text}
		p.sequence()
		if p.rest != "" {
			t.Skip()
		}
		d := p.b.finish()
		var want []byte
		for i := range d.elems {
			switch e := &d.elems[i]; e.kind {
			case textTrailing:
				t.Skip() // may be left out
			case textDisable, textVerbatim, textVerbatimEOF:
				t.Skip() // hide other texts
			default:
				if e.kind.isText() {
					want = d.appendText(want, e)
				}
			}
		}
		var l layout
		l.run(d, width, indent)
		if got := withoutBlanks(string(l.out)); got != withoutBlanks(string(want)) {
			t.Errorf("texts %q are printed as %q", want, l.out)
		}
	})
}

// skipper skips a fuzz input that is no document.
type skipper struct{ testing.TB }

func (s skipper) Fatal(...any)          { s.SkipNow() }
func (s skipper) Fatalf(string, ...any) { s.SkipNow() }

func withoutBlanks(s string) string {
	return strings.NewReplacer(" ", "", "\n", "").Replace(s)
}

func BenchmarkLayout(b *testing.B) {
	for _, c := range []struct{ name, doc string }{
		{"deep", nestedCalls(200)},
		{"wide", strings.Repeat(nestedCalls(2)+" hardline ", 100)},
	} {
		b.Run(c.name, func(b *testing.B) {
			d := parseDoc(b, c.doc)
			var l layout
			b.ReportAllocs()
			for b.Loop() {
				l.out = l.out[:0]
				l.run(d, 100, 2)
			}
			b.SetBytes(int64(len(l.out)))
		})
	}
}
