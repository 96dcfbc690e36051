package eval

import (
	"sync"

	"github.com/nixlint/nixlint/parser"
)

// Code holds files with what has been compiled of them, for evaluators that
// follow each other, or work at the same time: a file that has not changed is
// compiled once, and is the same [File] for all of them. The zero value is ready
// for use.
type Code struct {
	mu    sync.Mutex
	files map[string]*File // the newest by path
}

// Keep makes an evaluator take its files from code, and leave them there. It is
// to be called before anything is evaluated.
func (ev *Evaluator) Keep(code *Code) { ev.code = code }

// file returns the file at a path with the given tree.
func (c *Code) file(path string, tree *parser.Tree) *File {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f := c.files[path]; f != nil && (f.Tree == tree || f.Tree.Source() == tree.Source()) {
		return f
	}
	if c.files == nil {
		c.files = make(map[string]*File)
	}
	f := newFile(path, tree)
	c.files[path] = f
	return f
}
