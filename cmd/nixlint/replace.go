package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// replaceFile gives a file a new content at once: a reader sees the old one or
// the new one, and an interruption leaves the old one. Mode and, where the
// system lets us, owner are kept. A link is followed; what it leads to is
// replaced.
func replaceFile(name, content string) error {
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(target)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file", target)
	}
	return putFile(target, content, 0o600, func(temp *os.File) error {
		keepOwner(temp, info)
		return temp.Chmod(info.Mode().Perm())
	}, os.Rename)
}

// writeFile gives a file that need not exist a content, at once as replaceFile
// does. What is no regular file, such as a pipe, is written to.
func writeFile(name, content string) error {
	switch info, err := os.Stat(name); {
	case err == nil && info.Mode().IsRegular():
		return replaceFile(name, content)
	case err == nil:
		return os.WriteFile(name, []byte(content), 0)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return putFile(name, content, 0o666, func(*os.File) error { return nil }, os.Rename)
}

// putFile writes a file beside its final place, prepares it and moves it there.
// The mode is for the system to narrow.
func putFile(target, content string, mode fs.FileMode, prepare func(*os.File) error, move func(temp, target string) error) (err error) {
	name := "." + filepath.Base(target) + "." + rand.Text()
	temp, err := os.OpenFile(filepath.Join(filepath.Dir(target), name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(temp.Name())
		}
	}()
	if _, err = temp.WriteString(content); err != nil {
		temp.Close()
		return err
	}
	if err = prepare(temp); err != nil {
		temp.Close()
		return err
	}
	if err = temp.Close(); err != nil {
		return err
	}
	return move(temp.Name(), target)
}

// createFile makes a file with all of its content at once. The error is that
// of os.ErrExist if there is something of that name.
func createFile(name, content string) error {
	return putFile(name, content, 0o666, func(*os.File) error { return nil }, linkNew)
}

// linkNew moves a file to a name that nothing has.
func linkNew(temp, name string) error {
	err := os.Link(temp, name)
	if err == nil || errors.Is(err, fs.ErrExist) {
		os.Remove(temp)
		return err
	}
	// There are no links: the name is taken first.
	empty, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	empty.Close()
	if err := os.Rename(temp, name); err != nil {
		os.Remove(name)
		return err
	}
	return nil
}
