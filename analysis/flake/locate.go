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
	_, dir := s.place(l, n, 0)
	return existing(dir)
}

// Named returns the folder that the user gave for an input of the root, for
// inputs that are not in the lock file.
func (s *Sources) Named(name string) string { return existing(s.Inputs[name]) }

// place returns the folder of a source and the tree that it is in: relative
// paths stay in the tree of the flake that names them.
func (s *Sources) place(l *Lock, n *Node, depth int) (tree, dir string) {
	if n == l.Root {
		return s.Root, s.Root
	}
	for name, dir := range s.Inputs {
		if l.Find(strings.Split(name, "/")...) == n {
			return dir, dir
		}
	}
	if p := filepath.ToSlash(n.Locked["path"]); n.Locked["type"] == typePath && p != "" {
		if path.IsAbs(p) {
			return p, p
		}
		parent := l.Find(n.Parent...)
		if parent == nil || depth > maxFollows {
			return "", ""
		}
		tree, dir = s.place(l, parent, depth+1)
		if tree == "" {
			return "", ""
		}
		tree = path.Clean(filepath.ToSlash(tree))
		dir = path.Join(filepath.ToSlash(dir), parent.Subdir(), p)
		if dir != tree && !strings.HasPrefix(dir, strings.TrimSuffix(tree, "/")+"/") {
			return "", ""
		}
		return tree, dir
	}
	if n.NarHash == "" {
		return "", ""
	}
	store := s.Store
	if store == "" {
		store = StoreDir
	}
	dir = storePath(store, n.NarHash)
	return dir, dir
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
