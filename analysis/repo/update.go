package repo

import (
	"maps"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// With returns the repository with other texts of files that are open in an
// editor, which may be new. All other files are shared with r, which stays as it
// is. The disk is not looked at.
func (r *Repo) With(texts map[string]string) (*Repo, error) {
	out := &Repo{Root: r.Root, overlay: maps.Clone(r.overlay), options: r.options, entries: make(map[string]Entry), code: r.code}
	if out.overlay == nil {
		out.overlay = make(map[string]string, len(texts))
	}
	maps.Copy(out.overlay, texts)
	out.options.Overlay = out.overlay
	out.byPath = maps.Clone(r.byPath)
	out.Files = slices.Clone(r.Files)
	for p, text := range texts {
		if !strings.HasSuffix(p, ".nix") {
			continue
		}
		f := &File{Path: p, Text: text, Tree: parser.Parse(text)}
		i, found := slices.BinarySearchFunc(out.Files, p, func(f *File, p string) int { return strings.Compare(f.Path, p) })
		if found {
			out.Files[i] = f
		} else {
			out.Files = slices.Insert(out.Files, i, f)
		}
		out.byPath[p] = f
	}
	var err error
	out.source, err = newSource(out)
	return out, err
}

// Reopen reads the repository again, with the given texts in place of the disk's.
// Files whose text has not changed are shared with r, which stays as it is.
func (r *Repo) Reopen(options Options) (*Repo, error) {
	return open(r.Root, options, r)
}
