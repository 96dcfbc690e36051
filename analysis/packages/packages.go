// Package packages tells which packages a copy of nixpkgs has, by its files alone: the folders
// of pkgs/by-name and the attributes that pkgs/top-level/all-packages.nix names. Overlays and
// sets of packages inside of others are not seen.
package packages

import (
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// Set is the packages of one copy of nixpkgs. It is safe for concurrent use.
type Set struct {
	dir   string
	names func() []string

	mu    sync.Mutex // guards known
	known map[string]*Package
}

// Package is what the file of a package says of it.
type Package struct {
	File string // absolute
	// Version and Description are empty if they are not written out.
	Version, Description string
}

// sets are those that have been asked for, by folder: copies of nixpkgs do not change.
var sets sync.Map

// Of returns the packages of the nixpkgs that a repository's flake has as input, or nil if
// its source is not at hand.
func Of(r *repo.Repo) *Set {
	dir := r.NixpkgsDir()
	if dir == "" {
		return nil
	}
	return In(dir)
}

// In returns the packages of a copy of nixpkgs.
func In(dir string) *Set {
	if s, ok := sets.Load(dir); ok {
		return s.(*Set)
	}
	s := &Set{dir: dir, known: make(map[string]*Package)}
	s.names = sync.OnceValue(s.list)
	kept, _ := sets.LoadOrStore(dir, s)
	return kept.(*Set)
}

// Names returns the names of all packages, sorted. The slice must not be changed.
func (s *Set) Names() []string { return s.names() }

func (s *Set) list() (out []string) {
	byName := filepath.Join(s.dir, "pkgs", "by-name")
	shards, _ := os.ReadDir(byName) // older copies have none
	for _, shard := range shards {
		folders, _ := os.ReadDir(filepath.Join(byName, shard.Name()))
		for _, f := range folders {
			if f.IsDir() {
				out = append(out, f.Name())
			}
		}
	}
	if text, err := os.ReadFile(filepath.Join(s.dir, "pkgs", "top-level", "all-packages.nix")); err == nil {
		for n := range parser.Parse(string(text)).Root().Preorder() {
			if n.Is(parser.KindBinding) {
				if names, ok := (parser.Binding{Node: n}).Path().Static(); ok && len(names) == 1 && isOutermost(n) {
					out = append(out, names[0])
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// isOutermost reports whether a binding is in no other binding's value.
func isOutermost(n parser.Node) bool {
	for a := range n.Ancestors() {
		if a.Is(parser.KindBinding) || a.Is(parser.KindLet) {
			return false
		}
	}
	return true
}

// Package returns what the file of a package says, or nil if it has none of its own.
func (s *Set) Package(name string) *Package {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.known[name]
	if !ok {
		p = s.read(name)
		s.known[name] = p
	}
	return p
}

func (s *Set) read(name string) *Package {
	if len(name) == 0 || name != filepath.Base(name) || name[0] == '.' {
		return nil
	}
	shard := name
	if len(shard) > 2 {
		shard = shard[:2]
	}
	file := filepath.Join(s.dir, "pkgs", "by-name", shard, name, "package.nix")
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	p := &Package{File: file}
	for n := range parser.Parse(string(text)).Root().Preorder() {
		if !n.Is(parser.KindBinding) {
			continue
		}
		b := parser.Binding{Node: n}
		value, ok := parser.String{Node: b.Value()}.Static()
		if !b.Value().Is(parser.KindString) || !ok {
			continue
		}
		switch b.Path().Text() {
		case "version":
			if p.Version == "" {
				p.Version = value
			}
		case "description", "meta.description":
			if p.Description == "" {
				p.Description = value
			}
		}
	}
	return p
}
