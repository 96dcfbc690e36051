package repo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Tracked is what git tracks of the work tree that a repository is in, or is a
// folder of: a flake in it consists of these files.
type Tracked struct {
	below string   // the repository's folder in the work tree
	names []string // sorted, relative to the work tree; folders of other repositories end in a slash
}

// Tracked reads git's index. It returns nil if the repository is in no work
// tree, or if the index cannot be read.
func (r *Repo) Tracked() *Tracked {
	top, dir := gitFolder(r.Root)
	if dir == "" {
		return nil
	}
	below, err := filepath.Rel(top, r.Root)
	if err != nil {
		return nil
	}
	t := &Tracked{below: filepath.ToSlash(below)}
	data, err := os.ReadFile(filepath.Join(dir, "index"))
	if errors.Is(err, os.ErrNotExist) {
		return t // nothing has been added yet
	}
	if err == nil {
		t.names, err = indexNames(data, hashSize(dir))
	}
	if err != nil {
		return nil
	}
	slices.Sort(t.names)
	return t
}

// Has reports whether git tracks a file, or something in a folder. The path is
// relative to the root of the repository. What is behind a link, or in another
// repository, is tracked if the link or that repository is.
func (t *Tracked) Has(p string) bool {
	p = path.Join(t.below, p)
	if p == "." {
		return len(t.names) > 0
	}
	i, found := slices.BinarySearch(t.names, p)
	if found || i < len(t.names) && strings.HasPrefix(t.names[i], p+"/") {
		return true
	}
	// Names such as `p-x` stand between `p` and `p/x`.
	if i, found = slices.BinarySearch(t.names, p+"/"); found || i < len(t.names) && strings.HasPrefix(t.names[i], p+"/") {
		return true
	}
	for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
		for _, name := range [...]string{dir, dir + "/"} {
			if _, found := slices.BinarySearch(t.names, name); found {
				return true
			}
		}
	}
	return false
}

// gitFolder returns the work tree that a folder belongs to and where git keeps
// what it knows of it: the folder .git, or the one that the file .git names in
// linked work trees and submodules. Both are empty outside of work trees.
func gitFolder(dir string) (top, git string) {
	for ; ; dir = filepath.Dir(dir) {
		git := filepath.Join(dir, ".git")
		info, err := os.Stat(git)
		if err == nil && !info.IsDir() {
			git = linkedFolder(dir, git)
		}
		if err == nil && git != "" {
			if _, err := os.Stat(filepath.Join(git, "HEAD")); err == nil {
				return dir, git
			}
		}
		if dir == filepath.Dir(dir) {
			return "", ""
		}
	}
}

// linkedFolder reads a file that says `gitdir: FOLDER`.
func linkedFolder(dir, file string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	target, ok := strings.CutPrefix(string(data), "gitdir:")
	if !ok {
		return ""
	}
	target = filepath.FromSlash(strings.TrimSpace(target))
	if !filepath.IsAbs(target) {
		target = filepath.Join(dir, target)
	}
	return target
}

// hashSize returns the length of object names in bytes. Linked work trees have
// their configuration in the folder that the file commondir names.
func hashSize(dir string) int {
	data, _ := os.ReadFile(filepath.Join(commonFolder(dir), "config"))
	for line := range strings.Lines(strings.ToLower(string(data))) {
		if key, value, ok := strings.Cut(line, "="); ok && strings.TrimSpace(key) == "objectformat" && strings.TrimSpace(value) == "sha256" {
			return 32
		}
	}
	return 20
}

var errIndex = errors.New("git's index is not understood")

// indexNames returns the names in an index of git, in its order. Folders that
// stand for other repositories, or for all that is in them, end in a slash. The
// format is described in Documentation/gitformat-index.adoc of git.
func indexNames(data []byte, hashSize int) ([]string, error) {
	if len(data) < 12+hashSize || string(data[:4]) != "DIRC" {
		return nil, errIndex
	}
	version, count := binary.BigEndian.Uint32(data[4:]), binary.BigEndian.Uint32(data[8:])
	if version < 2 || version > 4 {
		return nil, errIndex
	}
	body := data[12 : len(data)-hashSize]
	var names []string
	name := ""
	for range count {
		fixed := 40 + hashSize + 2
		if len(body) < fixed {
			return nil, errIndex
		}
		mode := binary.BigEndian.Uint32(body[24:])
		if version >= 3 && body[40+hashSize]&0x40 != 0 {
			fixed += 2
		}
		if len(body) < fixed {
			return nil, errIndex
		}
		rest := body[fixed:]
		kept := 0
		if version == 4 {
			strip, n := indexOffset(rest)
			if n == 0 || strip > uint64(len(name)) {
				return nil, errIndex
			}
			kept, rest, fixed = len(name)-int(strip), rest[n:], fixed+n
		}
		end := bytes.IndexByte(rest, 0)
		if end < 0 {
			return nil, errIndex
		}
		name = name[:kept] + string(rest[:end])
		size := fixed + end + 1
		if version < 4 {
			size = (fixed + end + 8) &^ 7
		}
		if size > len(body) {
			return nil, errIndex
		}
		body = body[size:]
		if kind := mode &^ 0o7777; kind == 0o160000 || kind == 0o040000 {
			names = append(names, strings.TrimSuffix(name, "/")+"/")
		} else {
			names = append(names, name)
		}
	}
	// Names may stand in another file that this one is to be joined with.
	for len(body) >= 8 {
		if string(body[:4]) == "link" {
			return nil, errIndex
		}
		size := uint64(binary.BigEndian.Uint32(body[4:])) + 8
		if size > uint64(len(body)) {
			return nil, errIndex
		}
		body = body[size:]
	}
	return names, nil
}

// indexOffset reads a number of variable length and says how many bytes it
// takes; none if it is not complete.
func indexOffset(data []byte) (value uint64, n int) {
	for i, b := range data {
		if i > 8 {
			break
		}
		if i > 0 {
			value++
		}
		value = value<<7 | uint64(b&0x7f)
		if b&0x80 == 0 {
			return value, i + 1
		}
	}
	return 0, 0
}
