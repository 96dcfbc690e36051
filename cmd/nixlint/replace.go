package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// replaceFile gives a file a new content at once: a reader sees the old one or
// the new one, and an interruption leaves the old one. Mode and, where the
// system lets us, owner are kept. A link is followed; what it leads to is
// replaced.
func replaceFile(name, content string) (err error) {
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
	temp, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*")
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
	keepOwner(temp, info)
	if err = temp.Chmod(info.Mode().Perm()); err != nil {
		temp.Close()
		return err
	}
	if err = temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), target)
}
