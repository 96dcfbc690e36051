package repo

import (
	"errors"
	"path"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/parser"
)

// source lets the evaluator read the repository, with the texts that win over
// the disk, and the sources of its inputs, and nothing else.
type source struct {
	*eval.Overlay
	disk *eval.Disk
	repo *Repo
}

// newSource returns the source of the repository alone.
func newSource(r *Repo) (source, error) {
	if r.options.Unsaved {
		return r.sourceOn(&eval.Disk{}), nil
	}
	disk, err := eval.NewDisk(r.Root)
	if err != nil {
		return source{}, err
	}
	return r.sourceOn(disk), nil
}

// sourceOn returns the source of the repository with the given folders of the disk.
func (r *Repo) sourceOn(disk *eval.Disk) source {
	files := make(map[string]string, len(r.overlay))
	for p, text := range r.overlay {
		files[r.abs(p)] = text
	}
	return source{&eval.Overlay{Base: disk, Files: files}, disk, r}
}

// Parse returns the tree of a file, that of the repository's list if it is in
// it.
func (s source) Parse(p string) (*parser.Tree, error) {
	if rel, ok := s.repo.rel(p); ok {
		if f := s.repo.File(rel); f != nil {
			if f.Text == encryptedText {
				return nil, errors.New("it is encrypted")
			}
			return f.Tree, f.Err
		}
	}
	return s.Overlay.Parse(p)
}

// rel returns an absolute path relative to the root; ok is false outside.
func (r *Repo) rel(p string) (string, bool) {
	if rest, ok := strings.CutPrefix(p, r.prefix); ok && rest != "" {
		return rest, true
	}
	if p == r.prefix || p == strings.TrimSuffix(r.prefix, "/") {
		return ".", true
	}
	return "", false
}

// abs returns the absolute path, slash-separated, of one relative to the root.
func (r *Repo) abs(p string) string { return path.Join(cleanSlash(r.Root), p) }
