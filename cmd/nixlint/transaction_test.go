package main

import (
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/generator"
	"github.com/nixlint/nixlint/parser"
)

// TestWritePlan checks that a plan that cannot be written as a whole leaves
// everything as it was.
func TestWritePlan(t *testing.T) {
	edit := func(file string) diagnostic.Edit {
		return diagnostic.Edit{File: file, Span: parser.Span{Start: 2, End: 2}, Text: "a = 1; "}
	}
	for _, c := range []struct {
		name string
		plan generator.Plan
		want string // in the error; empty for none
	}{
		{"all", generator.Plan{
			Files: []generator.File{{Path: "new/deep/b.nix", Text: "{ }\n"}},
			Edits: []diagnostic.Edit{edit("old.nix")}, Base: map[string]string{"old.nix": "{ }\n"},
		}, ""},
		{"changed meanwhile", generator.Plan{
			Files: []generator.File{{Path: "new/b.nix", Text: "{ }\n"}},
			Edits: []diagnostic.Edit{edit("old.nix")}, Base: map[string]string{"old.nix": "{ b = 1; }\n"},
		}, "has changed meanwhile"},
		{"exists meanwhile", generator.Plan{
			Files: []generator.File{{Path: "new/b.nix", Text: "{ }\n"}, {Path: "old.nix", Text: "{ a = 1; }\n"}},
		}, "exists"},
		{"link", generator.Plan{
			Files: []generator.File{{Path: "new/b.nix", Text: "{ }\n"}},
			Edits: []diagnostic.Edit{edit("old.nix"), edit("link.nix")},
			Base:  map[string]string{"old.nix": "{ }\n", "link.nix": "{ }\n"},
		}, "leads out of the repository"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			root, outside := filepath.Join(dir, "repo"), filepath.Join(dir, "outside.nix")
			if err := os.Mkdir(root, 0o755); err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{filepath.Join(root, "old.nix"), outside} {
				if err := os.WriteFile(name, []byte("{ }\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Symlink(outside, filepath.Join(root, "link.nix")); err != nil {
				t.Skip(err)
			}
			before := contents(t, dir)
			err := writePlan(io.Discard, root, func(f string) string { return f }, &c.plan)
			if c.want == "" {
				if got := contents(t, dir); err != nil || got["repo/old.nix"] != "{ a = 1; }\n" || got["repo/new/deep/b.nix"] != "{ }\n" {
					t.Fatal(got, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got the error %v, want %s", err, c.want)
			}
			after := contents(t, dir)
			for name, text := range before {
				if after[name] != text {
					t.Errorf("%s is now %q", name, after[name])
				}
			}
			if len(after) != len(before) {
				t.Errorf("there are %v, were %v", after, before)
			}
		})
	}
}

// TestInterrupted stops the writing of a plan at every step: nothing stays.
func TestInterrupted(t *testing.T) {
	plan := generator.Plan{
		Files: []generator.File{{Path: "new/deep/b.nix", Text: "{ }\n"}, {Path: "new/c.nix", Text: "{ }\n"}},
		Edits: []diagnostic.Edit{
			{File: "one.nix", Span: parser.Span{Start: 2, End: 2}, Text: "a = 1; "},
			{File: "two.nix", Span: parser.Span{Start: 2, End: 2}, Text: "a = 1; "},
		},
		Base: map[string]string{"one.nix": "{ }\n", "two.nix": "{ }\n"},
	}
	after, err := plan.Overlay()
	if err != nil {
		t.Fatal(err)
	}
	for stop := range 5 {
		root := t.TempDir()
		for name, text := range plan.Base {
			if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		before := contents(t, root)
		var w transaction
		steps := -1
		err := w.run(root, &plan, after, func() bool { steps++; return steps == stop })
		if stop == 4 {
			if got := contents(t, root); err != nil || got["two.nix"] != after["two.nix"] || got["new/c.nix"] != "{ }\n" {
				t.Errorf("got %v %v", got, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), "interrupted") {
			t.Errorf("got the error %v", err)
		}
		if err := w.undo(); err != nil {
			t.Error(err)
		}
		if got := contents(t, root); !maps.Equal(got, before) {
			t.Errorf("after %d steps there are %v, were %v", stop, got, before)
		}
	}
}

// contents returns the texts of all files below a folder, and empty ones for
// folders.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := make(map[string]string)
	err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil || e.IsDir() {
			out[filepath.ToSlash(rel)] = ""
			return err
		}
		data, err := os.ReadFile(name)
		out[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
