package repo

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// source lets the evaluator read the repository and nothing else.
type source struct{ repo *Repo }

// rel returns an absolute path relative to the root; ok is false outside.
func (s source) rel(p string) (string, bool) {
	root := filepath.ToSlash(s.repo.Root)
	if p == root {
		return ".", true
	}
	if rest, ok := strings.CutPrefix(p, root+"/"); ok {
		return rest, true
	}
	return "", false
}

// Allowed reports whether a path is in the repository.
func (s source) Allowed(p string) bool {
	_, ok := s.rel(p)
	return ok
}

// Parse returns the tree of a file, that of the repository's list if it is in
// it. Files that git ignores are read too: evaluation of a repository that is
// no flake sees them.
func (s source) Parse(p string) (*parser.Tree, error) {
	rel, ok := s.rel(p)
	if !ok {
		return nil, fmt.Errorf("outside of the repository")
	}
	if f := s.repo.File(rel); f != nil {
		return f.Tree, f.Err
	}
	text, err := s.ReadFile(p)
	if err != nil {
		return nil, err
	}
	return parser.Parse(text), nil
}

// ReadFile returns the text of a file, the overlay's if it is in it.
func (s source) ReadFile(p string) (string, error) {
	rel, ok := s.rel(p)
	if !ok {
		return "", fmt.Errorf("outside of the repository")
	}
	if text, ok := s.repo.overlay[rel]; ok {
		return text, nil
	}
	name := filepath.FromSlash(p)
	if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() || hasLink(s.repo.Root, rel) {
		if !linksInside(s.repo.Root, name) {
			return "", fmt.Errorf("it leads out of the repository")
		}
	}
	data, err := os.ReadFile(name)
	return string(data), err
}

// hasLink reports whether a folder on the way to a path is a symbolic link.
func hasLink(root, rel string) bool {
	dir := root
	for part := range strings.SplitSeq(filepath.ToSlash(filepath.Dir(rel)), "/") {
		dir = filepath.Join(dir, part)
		if info, err := os.Lstat(dir); err != nil || info.Mode()&os.ModeSymlink != 0 {
			return true
		}
	}
	return false
}

// ReadDir lists a folder.
func (s source) ReadDir(p string) (map[string]string, error) {
	rel, ok := s.rel(p)
	if !ok || hasLink(s.repo.Root, rel+"/.") {
		return nil, fmt.Errorf("outside of the repository")
	}
	entries, err := os.ReadDir(filepath.FromSlash(p))
	if err != nil {
		return nil, err
	}
	out := make(map[string]string, len(entries))
	for _, e := range entries {
		switch {
		case e.Name() == ".git":
		case e.IsDir():
			out[e.Name()] = "directory"
		case e.Type().IsRegular():
			out[e.Name()] = "regular"
		case e.Type()&os.ModeSymlink != 0:
			out[e.Name()] = "symlink"
		default:
			out[e.Name()] = "unknown"
		}
	}
	for o := range s.repo.overlay {
		if rest, ok := strings.CutPrefix(o, rel+"/"); ok || rel == "." {
			if rel == "." {
				rest = o
			}
			name, _, deeper := strings.Cut(rest, "/")
			if deeper {
				out[name] = "directory"
			} else {
				out[name] = "regular"
			}
		}
	}
	return out, nil
}

// Kind returns the kind of what is at a path.
func (s source) Kind(p string) string {
	rel, ok := s.rel(p)
	if !ok {
		return ""
	}
	switch s.repo.Entry(rel) {
	case FileEntry:
		return "regular"
	case DirEntry:
		return "directory"
	}
	return ""
}
