package nixfmt

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// vectors returns the lines of a file of test vectors, decoded. The vectors are
// not part of the repository; the test is skipped without them.
func vectors[T any](t *testing.T, name string) []T {
	t.Helper()
	dir := os.Getenv("NIXLINT_VECTORS")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "vectors")
	}
	f, err := os.Open(filepath.Join(dir, "nixfmt", name))
	if err != nil {
		t.Skipf("no test vectors: %v", err)
	}
	defer f.Close()
	var out []T
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<26)
	for s.Scan() {
		var v T
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// check formats in and compares the result with want.
func check(t *testing.T, in, want string, o Options) {
	t.Helper()
	got, err := Format(in, o)
	if err != nil {
		t.Errorf("%+v: %v\n%s", o, err, in)
	} else if got != want {
		t.Errorf("%+v: input\n%s\ngot\n%s\nwant\n%s", o, in, got, want)
	}
}

// TestUpstreamVectors runs nixfmt's own test files.
func TestUpstreamVectors(t *testing.T) {
	type vector struct {
		ID, Kind      string
		Width, Indent int
		Strict        bool
		In, Out, Pure string
	}
	for _, v := range vectors[vector](t, "upstream.jsonl") {
		t.Run(v.ID, func(t *testing.T) {
			o := Options{Width: v.Width, Indent: v.Indent}
			switch v.Kind {
			case "reject":
				if got, err := Format(v.In, o); err == nil {
					t.Errorf("input is accepted:\n%s\nas\n%s", v.In, got)
				}
			case "unchanged":
				o.Strict = true
				check(t, v.In, v.In, o)
			default:
				check(t, v.In, v.Out, o)
				o.Strict = true
				check(t, v.In, v.Pure, o)
			}
		})
	}
}

// TestGeneratedVectors runs generated programs with comments and empty lines
// in odd places.
func TestGeneratedVectors(t *testing.T) {
	type vector struct {
		ID                   string
		In                   string
		W100                 string
		W80, Strict, Indent4 *string
	}
	for _, v := range vectors[vector](t, "generated.jsonl") {
		t.Run(v.ID, func(t *testing.T) {
			check(t, v.In, v.W100, Options{})
			for _, c := range []struct {
				want *string
				o    Options
			}{
				{v.W80, Options{Width: 80}},
				{v.Strict, Options{Strict: true}},
				{v.Indent4, Options{Indent: 4}},
			} {
				switch {
				case c.want == nil:
				case *c.want == "=":
					check(t, v.In, v.W100, c.o)
				default:
					check(t, v.In, *c.want, c.o)
				}
			}
		})
	}
}
