package machine

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/nixlint/nixlint/vfio/cpuset"
)

// tree reads small files below a folder and notes what it cannot read. Links
// that lead out of the folder are not followed. The nil tree has no files.
type tree struct {
	root *os.Root
	name string // of the root, for notes
	dir  string // relative to the root that was opened first, for notes

	notes *notes
}

// notes collects what could not be read, from several goroutines.
type notes struct {
	mu   sync.Mutex
	list []Note
}

// maxNotes bounds the notes on a tree where nothing can be read.
const maxNotes = 100

func (n *notes) add(path string, problem string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.list) < maxNotes {
		n.list = append(n.list, Note{path, problem})
	}
}

// openTree opens a folder; nil if there is none.
func openTree(dir string, n *notes) *tree {
	if dir == "" {
		return nil
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			n.add(dir, problem(err))
		}
		return nil
	}
	return &tree{root: root, name: dir, notes: n}
}

func (t *tree) close() {
	if t != nil {
		t.root.Close()
	}
}

// sub opens a folder below the tree; nil if it cannot be opened.
func (t *tree) sub(dir string) *tree {
	if t == nil {
		return nil
	}
	root, err := t.root.OpenRoot(dir)
	if err != nil {
		t.note(dir, err)
		return nil
	}
	return &tree{root: root, name: t.name, dir: path.Join(t.dir, dir), notes: t.notes}
}

// note records a failure, unless the file simply is not there.
func (t *tree) note(name string, err error) {
	if !errors.Is(err, fs.ErrNotExist) {
		t.notes.add(t.path(name), problem(err))
	}
}

func (t *tree) path(name string) string { return path.Join(t.name, t.dir, name) }

// problem says what is wrong in the words of the system, without the path.
func problem(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// maxText bounds the files that are read: sysfs gives out a page at most, and
// of the long files in /proc the beginning is enough.
const maxText = 16 << 10

// text returns the contents of a file without white space at its ends. Files
// of sleeping or dying devices exist and cannot be read; that counts as not
// known, and so does what is no file at all.
func (t *tree) text(name string) (string, bool) {
	if t == nil {
		return "", false
	}
	var buf [maxText]byte
	n, err := t.read(name, buf[:])
	if err != nil {
		t.note(name, err)
		return "", false
	}
	return strings.ToValidUTF8(strings.TrimSpace(string(buf[:n])), "\ufffd"), true
}

func (t *tree) read(name string, buf []byte) (int, error) {
	// O_NONBLOCK keeps a pipe from being waited for.
	f, err := t.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() {
		return 0, errors.New("is not a file")
	}
	n := 0
	for n < len(buf) {
		k, err := f.Read(buf[n:])
		n += k
		if err == io.EOF {
			break
		}
		if err != nil {
			return 0, err
		}
		// A file of sysfs comes whole with the first read. Those of /proc say
		// that they are empty and come in pieces.
		if info.Size() != 0 {
			break
		}
	}
	return n, nil
}

// number returns a file's contents as a number in the given base, 0 for the
// prefix to decide.
func (t *tree) number(name string, base, bits int) (uint64, bool) {
	s, ok := t.text(name)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseUint(s, base, bits)
	if err != nil {
		t.notes.add(t.path(name), fmt.Sprintf("`%s` is not a number that fits", s[:min(len(s), 40)]))
		return 0, false
	}
	return n, true
}

// cpus returns a file's contents as a set of processors.
func (t *tree) cpus(name string) (cpuset.Set, bool) {
	s, ok := t.text(name)
	if !ok {
		return cpuset.Set{}, false
	}
	set, err := cpuset.Parse(s)
	if err != nil {
		t.notes.add(t.path(name), err.Error())
	}
	return set, err == nil
}

// link returns the target of a link.
func (t *tree) link(name string) (string, bool) {
	if t == nil {
		return "", false
	}
	target, err := t.root.Readlink(name)
	if err != nil {
		t.note(name, err)
		return "", false
	}
	return target, true
}

// maxEntries bounds how many entries of a folder are read.
const maxEntries = 1 << 14

// list returns the names in a folder in order; ok is false if there is no such
// folder.
func (t *tree) list(dir string) (names []string, ok bool) {
	if t == nil {
		return nil, false
	}
	f, err := t.root.Open(dir)
	if err != nil {
		t.note(dir, err)
		return nil, false
	}
	defer f.Close()
	names, err = f.Readdirnames(maxEntries)
	if err != nil && err != io.EOF {
		t.note(dir, err)
		return nil, false
	}
	slices.Sort(names)
	return names, true
}

// exists tells whether there is something of that name.
func (t *tree) exists(name string) bool {
	if t == nil {
		return false
	}
	_, err := t.root.Lstat(name)
	return err == nil
}
