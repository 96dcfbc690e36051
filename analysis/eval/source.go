package eval

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// Source is where files come from. Paths are absolute, slash-separated and
// clean. Only what Allowed reports true for is ever asked for.
type Source interface {
	// Allowed reports whether a path may be looked at. What lies elsewhere is
	// unknown to the evaluator.
	Allowed(path string) bool
	// Parse returns the syntax tree of a file. It is asked for once for each
	// file and evaluator; a source may keep trees for other evaluators.
	Parse(path string) (*parser.Tree, error)
	ReadFile(path string) (string, error)
	// ReadDir returns the names in a folder with their kinds as in Nix:
	// regular, directory, symlink or unknown.
	ReadDir(path string) (map[string]string, error)
	// Kind returns the kind of what is at a path, links followed: "regular",
	// "directory", or "" if there is nothing.
	Kind(path string) string
}

// Linker is a source that knows symbolic links. Nix follows a link it is to
// import, so that the file's own relative paths start from where it really is.
type Linker interface {
	// ReadLink returns the path that a link points to, or "" if there is no
	// link at path. Folders on the way may be links; they are not resolved.
	ReadLink(path string) string
}

// readLink returns what a link points to, or "".
func (ev *Evaluator) readLink(p string) string {
	if links, ok := ev.source.(Linker); ok && ev.source.Allowed(p) {
		return links.ReadLink(p)
	}
	return ""
}

// Dir is the source of the files below one folder of the disk. Nothing outside
// of it is read, through symbolic links neither.
type Dir struct {
	path string
	root *os.Root
}

// NewDir opens a folder, which must exist.
func NewDir(name string) (*Dir, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, err
	}
	return &Dir{filepath.ToSlash(abs), root}, nil
}

// Close closes the folder.
func (d *Dir) Close() error { return d.root.Close() }

// rel returns a path relative to the folder.
func (d *Dir) rel(p string) (string, bool) {
	if p == d.path {
		return ".", true
	}
	return strings.CutPrefix(p, strings.TrimSuffix(d.path, "/")+"/")
}

// Allowed reports whether a path is in the folder.
func (d *Dir) Allowed(p string) bool {
	_, ok := d.rel(p)
	return ok
}

// Parse returns the tree of a file.
func (d *Dir) Parse(p string) (*parser.Tree, error) {
	text, err := d.ReadFile(p)
	if err != nil {
		return nil, err
	}
	return parser.Parse(text), nil
}

var errOutside = errors.New("it is outside of the folder")

// ReadFile returns the text of a file.
func (d *Dir) ReadFile(p string) (string, error) {
	rel, ok := d.rel(p)
	if !ok {
		return "", errOutside
	}
	f, err := d.root.Open(rel)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return "", fs.ErrInvalid
	}
	data, err := io.ReadAll(f)
	return string(data), err
}

// ReadDir lists a folder.
func (d *Dir) ReadDir(p string) (map[string]string, error) {
	rel, ok := d.rel(p)
	if !ok {
		return nil, errOutside
	}
	f, err := d.root.Open(rel)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	entries, err := f.ReadDir(-1)
	out := make(map[string]string, len(entries))
	for _, e := range entries {
		out[e.Name()] = kindOf(e.Type())
	}
	return out, err
}

// kindOf is the kind of a file as Nix calls it.
func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsRegular():
		return "regular"
	case mode.IsDir():
		return "directory"
	case mode&fs.ModeSymlink != 0:
		return "symlink"
	}
	return "unknown"
}

// Kind returns the kind of what is at a path, links inside the folder followed.
func (d *Dir) Kind(p string) string {
	rel, ok := d.rel(p)
	if !ok {
		return ""
	}
	info, err := d.root.Stat(rel)
	if err != nil {
		return ""
	}
	return kindOf(info.Mode())
}

// ReadLink returns what a link points to.
func (d *Dir) ReadLink(p string) string {
	rel, ok := d.rel(p)
	if !ok {
		return ""
	}
	target, err := d.root.Readlink(rel)
	if err != nil {
		return ""
	}
	if filepath.IsAbs(target) {
		return filepath.ToSlash(target)
	}
	return path.Join(path.Dir(p), filepath.ToSlash(target))
}
