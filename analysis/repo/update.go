package repo

import (
	"maps"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// With returns the repository with other texts of files that are open in an
// editor, which may be new. All other files are shared with r, which stays as it
// is. The disk is not read again.
func (r *Repo) With(texts map[string]string) *Repo {
	out := &Repo{Root: r.Root, prefix: r.prefix, overlay: maps.Clone(r.overlay), options: r.options, disk: r.disk, code: r.code, words: &words{}}
	if out.overlay == nil {
		out.overlay = make(map[string]string, len(texts))
	}
	maps.Copy(out.overlay, texts)
	out.options.Overlay = out.overlay
	out.source = out.sourceOn(r.source.disk)
	if r.adds(texts) || !r.disk.holds(r) {
		out.disk = newOnDisk(r.Root)
	}
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
	out.all = out.Files
	return out
}

// adds reports whether there are files with texts that have not been there before.
func (r *Repo) adds(texts map[string]string) bool {
	for p := range texts {
		if _, open := r.overlay[p]; !open && r.kind(r.abs(p)) != "regular" {
			return true
		}
	}
	return false
}

// Reopen reads the repository again, with the given texts in place of the disk's.
// Files whose text has not changed are shared with r, which stays as it is.
func (r *Repo) Reopen(options Options) (*Repo, error) {
	return open(r.Root, options, r)
}
