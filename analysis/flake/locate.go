package flake

import (
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Sources says where on this machine the sources of inputs may lie.
type Sources struct {
	// Root is the folder of the flake that the lock file belongs to, absolute.
	Root string
	// Inputs are folders, absolute, for inputs that the user named: NAME, or
	// NAME/SUB for the input SUB of the input NAME. They win over the lock.
	Inputs map[string]string
	// Store is where fetched sources are looked up; empty for [StoreDir].
	Store string
}

// Dir returns the folder, absolute and slash-separated, of the source of a
// node, or "" if it is not on this machine. The flake may be in a folder of it:
// see Node.Subdir.
func (s *Sources) Dir(l *Lock, n *Node) string {
	if n == l.Root {
		return filepath.ToSlash(s.Root)
	}
	for name, dir := range s.Inputs {
		if l.Find(strings.Split(name, "/")...) == n {
			return existing(dir)
		}
	}
	if n.Locked["type"] == typePath {
		if dir := s.pathInput(l, n); dir != "" {
			return dir
		}
	}
	if n.NarHash == "" {
		return ""
	}
	store := s.Store
	if store == "" {
		store = StoreDir
	}
	return existing(storePath(store, n.NarHash))
}

// Named returns the folder that the user gave for an input of the root, for
// inputs that are not in the lock file.
func (s *Sources) Named(name string) string { return existing(s.Inputs[name]) }

// pathInput returns the folder of an input that is one of this machine.
// Relative ones start from the flake that names them, and stay in its source.
func (s *Sources) pathInput(l *Lock, n *Node) string {
	p := filepath.ToSlash(n.Locked["path"])
	if p == "" || path.IsAbs(p) {
		return existing(p)
	}
	base := filepath.ToSlash(s.Root)
	if len(n.Parent) > 0 {
		parent := l.Find(n.Parent...)
		if parent == nil || parent == n {
			return ""
		}
		source := s.Dir(l, parent)
		if source == "" {
			return ""
		}
		base = source
		p = path.Join(parent.Subdir(), p)
	}
	dir := path.Join(base, p)
	if dir != base && !strings.HasPrefix(dir, strings.TrimSuffix(base, "/")+"/") {
		return ""
	}
	return existing(dir)
}

// Subdir returns the folder of the flake in its source; it is empty for the
// source itself, and never leads out of it.
func (n *Node) Subdir() string {
	return strings.TrimPrefix(path.Join("/", filepath.ToSlash(n.Locked["dir"])), "/")
}

// existing returns a folder, cleaned, or "" if there is none of that name.
func existing(dir string) string {
	if dir == "" {
		return ""
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return ""
	}
	return path.Clean(filepath.ToSlash(dir))
}
