package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/nixlint/nixlint/generator"
)

// writePlan writes all files of a plan, or none, and says which. It is an error
// if a file is not what the plan was made for.
func writePlan(out io.Writer, root string, show func(string) string, p *generator.Plan) error {
	after, err := p.Overlay()
	if err != nil {
		return err
	}
	for _, e := range p.Edits {
		now, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(e.File)))
		if err != nil {
			return err
		}
		if string(now) != p.Base[e.File] {
			return fmt.Errorf("%s has changed meanwhile: run this again", show(e.File))
		}
	}
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(interrupted)
	var t transaction
	if err := t.run(root, p, after, func() bool { return len(interrupted) > 0 }); err != nil {
		return errors.Join(err, t.undo())
	}
	for _, f := range p.Files {
		fmt.Fprintf(out, "wrote %s\n", show(f.Path))
	}
	for _, e := range p.Edits {
		fmt.Fprintf(out, "changed %s\n", show(e.File))
	}
	return nil
}

// transaction writes files and can take back what it wrote.
type transaction struct {
	undone []func() error // what takes back each step
}

// run carries out a plan: new files first, so that nothing ever names a file that
// is not there. It stops with an error if it is interrupted.
func (t *transaction) run(root string, p *generator.Plan, after map[string]string, interrupted func() bool) error {
	if err := t.makeRoot(root); err != nil {
		return err
	}
	steps := make([]func() error, 0, len(p.Files)+len(p.Edits))
	for _, f := range p.Files {
		steps = append(steps, func() error { return t.create(root, f.Path, f.Text) })
	}
	for _, e := range p.Edits {
		steps = append(steps, func() error { return t.replace(root, e.File, p.Base[e.File], after[e.File]) })
	}
	for _, step := range steps {
		if interrupted() {
			return errors.New("interrupted: nothing is changed")
		}
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// undo takes back all steps, the last one first.
func (t *transaction) undo() error {
	var errs []error
	for i := len(t.undone) - 1; i >= 0; i-- {
		errs = append(errs, t.undone[i]())
	}
	t.undone = nil
	return errors.Join(errs...)
}

// create makes a new file below root, with the folders it needs.
func (t *transaction) create(root, file, text string) error {
	name := filepath.Join(root, filepath.FromSlash(file))
	if err := t.makeFolder(root, filepath.Dir(name)); err != nil {
		return err
	}
	if err := createFile(name, text); err != nil {
		return err
	}
	t.undone = append(t.undone, func() error { return os.Remove(name) })
	return nil
}

// replace gives a file below root a new text.
func (t *transaction) replace(root, file, before, after string) error {
	name := filepath.Join(root, filepath.FromSlash(file))
	if err := staysInside(root, name); err != nil {
		return err
	}
	if err := replaceFile(name, after); err != nil {
		return err
	}
	t.undone = append(t.undone, func() error { return replaceFile(name, before) })
	return nil
}

// makeFolder makes a folder below root and those above it.
func (t *transaction) makeFolder(root, dir string) error {
	switch info, err := os.Stat(dir); {
	case err == nil && info.IsDir():
		return staysInside(root, dir)
	case err == nil:
		return fmt.Errorf("%s is no folder", dir)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := t.makeFolder(root, filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		return err
	}
	t.undone = append(t.undone, func() error { return os.Remove(dir) })
	return nil
}

// staysInside makes sure that links do not lead a path out of root.
func staysInside(root, name string) error {
	real, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return err
	}
	rel, err := filepath.Rel(root, real)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return fmt.Errorf("%s leads out of the repository", name)
	}
	return nil
}

// makeRoot makes the folder that a repository is to be made in, and those above
// it.
func (t *transaction) makeRoot(root string) error {
	err := os.Mkdir(root, 0o777)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil
	case errors.Is(err, fs.ErrNotExist):
		if err := t.makeRoot(filepath.Dir(root)); err != nil {
			return err
		}
		err = os.Mkdir(root, 0o777)
	}
	if err == nil {
		t.undone = append(t.undone, func() error { return os.Remove(root) })
	}
	return err
}
