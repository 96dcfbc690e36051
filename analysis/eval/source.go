package eval

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unsafe"

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
	// "directory", "" if there is nothing, or "symlink" if a link on the way
	// leads to where nothing may be looked at.
	Kind(path string) string
}

// Linker is a source that knows symbolic links. Nix follows a link it is to
// import, so that the file's own relative paths start from where it really is.
type Linker interface {
	// ReadLink returns the path that a link points to, or "" if there is no
	// link at path. Folders on the way may be links; they are not resolved.
	ReadLink(path string) string
}

// Hider is a source of which some files can be read, although for Nix they are
// not there. They are read if code names them, but asking for them and listing
// folders does not show them.
type Hider interface {
	Hidden(path string) bool
}

// readLink returns what a link points to, or "".
func (ev *Evaluator) readLink(p string) string {
	if links, ok := ev.source.(Linker); ok && ev.source.Allowed(p) {
		return links.ReadLink(p)
	}
	return ""
}

// Disk is the source of the files below some folders of the disk. Nothing
// outside of them is read, through symbolic links neither.
type Disk struct {
	folders []diskFolder // those inside of others first
}

type diskFolder struct {
	path string
	root *os.Root
}

// NewDisk opens folders, which must exist.
func NewDisk(names ...string) (*Disk, error) {
	d := &Disk{}
	for _, name := range names {
		if err := d.Add(name); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// Copy returns a source of the same folders, to which others can be added.
func (d *Disk) Copy() *Disk { return &Disk{slices.Clone(d.folders)} }

// Add opens a further folder, which must exist.
func (d *Disk) Add(name string) error {
	abs, err := filepath.Abs(name)
	if err != nil {
		return err
	}
	p := filepath.ToSlash(abs)
	if slices.ContainsFunc(d.folders, func(f diskFolder) bool { return f.path == p }) {
		return nil
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return err
	}
	d.folders = append(d.folders, diskFolder{p, root})
	slices.SortStableFunc(d.folders, func(a, b diskFolder) int { return len(b.path) - len(a.path) })
	return nil
}

// find returns the innermost folder that a path is in, and the path relative
// to it.
func (d *Disk) find(p string) (root *os.Root, rel string, ok bool) {
	for _, f := range d.folders {
		if p == f.path {
			return f.root, ".", true
		}
		if rel, ok := strings.CutPrefix(p, strings.TrimSuffix(f.path, "/")+"/"); ok {
			return f.root, rel, true
		}
	}
	return nil, "", false
}

// Allowed reports whether a path is in one of the folders.
func (d *Disk) Allowed(p string) bool {
	_, _, ok := d.find(p)
	return ok
}

// Parse returns the tree of a file.
func (d *Disk) Parse(p string) (*parser.Tree, error) {
	text, err := d.ReadFile(p)
	if err != nil {
		return nil, err
	}
	return parser.Parse(text), nil
}

// errOutside is returned for what lies, or for links that lead, elsewhere.
var errOutside = errors.New("it is outside of the folders that may be read")

// ReadFile returns the text of a file.
func (d *Disk) ReadFile(p string) (string, error) {
	f, err := d.open(p, "regular")
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	// The bytes are ours alone and never written again.
	return unsafe.String(unsafe.SliceData(data), len(data)), err
}

// ReadDir lists a folder.
func (d *Disk) ReadDir(p string) (map[string]string, error) {
	f, err := d.open(p, "directory")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	entries, err := f.ReadDir(-1)
	out := make(map[string]string, len(entries))
	for _, e := range entries {
		if e.Name() != ".git" { // no source has it
			out[e.Name()] = kindOf(e.Type())
		}
	}
	return out, err
}

// open opens what is at a path, if it is of the given kind.
func (d *Disk) open(p, kind string) (*os.File, error) {
	root, rel, info, err := d.stat(p)
	if err != nil {
		return nil, err
	}
	if kindOf(info.Mode()) != kind {
		return nil, fs.ErrInvalid // reading a pipe would never end
	}
	return root.Open(rel)
}

// stat finds out where, and what, a path is once all links are followed. A
// link may lead from one folder of the source into another.
func (d *Disk) stat(p string) (*os.Root, string, fs.FileInfo, error) {
	root, rel, ok := d.find(p)
	if !ok {
		return nil, "", nil, errOutside
	}
	info, err := root.Stat(rel)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return root, rel, info, err
	}
	// A root follows only links that are relative and stay inside of it.
	real, ok := d.resolve(p)
	if !ok {
		return nil, "", nil, errOutside
	}
	root, rel, _ = d.find(real)
	info, err = root.Stat(rel)
	return root, rel, info, err
}

// resolve returns a path with all links on the way followed. ok is false if
// they lead out of the folders or in a circle.
func (d *Disk) resolve(p string) (real string, ok bool) {
	const maxLinks = 40
	for range maxLinks {
		next, found := d.firstLink(p)
		if !found {
			return p, true
		}
		if !d.Allowed(next) {
			return "", false
		}
		p = next
	}
	return "", false
}

// firstLink replaces the first link on the way to a path by what it points to.
func (d *Disk) firstLink(p string) (next string, found bool) {
	root, rel, _ := d.find(p)
	base := strings.TrimSuffix(strings.TrimSuffix(p, rel), "/")
	if rel == "." {
		return "", false // a folder of the source may be a link itself
	}
	for end := 0; end < len(rel); {
		if i := strings.IndexByte(rel[end+1:], '/'); i < 0 {
			end = len(rel)
		} else {
			end += 1 + i
		}
		if target, err := root.Readlink(rel[:end]); err == nil {
			return path.Join(linkTarget(base+"/"+rel[:end], target), rel[end:]), true
		}
	}
	return "", false
}

// linkTarget is the path that a link at p with the given text points to.
func linkTarget(p, text string) string {
	if filepath.IsAbs(text) {
		return path.Clean(filepath.ToSlash(text))
	}
	return path.Join(path.Dir(p), filepath.ToSlash(text))
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

// Kind returns the kind of what is at a path.
func (d *Disk) Kind(p string) string {
	_, _, info, err := d.stat(p)
	switch {
	case errors.Is(err, errOutside):
		return "symlink"
	case err != nil:
		return ""
	}
	return kindOf(info.Mode())
}

// ReadLink returns what a link points to.
func (d *Disk) ReadLink(p string) string {
	root, rel, ok := d.find(p)
	if !ok {
		return ""
	}
	target, err := root.Readlink(rel)
	if err != nil {
		return ""
	}
	return linkTarget(p, target)
}
