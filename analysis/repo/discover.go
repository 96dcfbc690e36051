package repo

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/gitignore"
)

// FindRoot returns the root of the repository that a file or folder belongs
// to: the nearest folder above it, or itself, that holds nixlint.toml or
// flake.nix, else the nearest that holds .git, else the folder itself.
func FindRoot(name string) (string, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(abs)
	if err != nil {
		return "", err
	}
	start := abs
	if !info.IsDir() {
		start = filepath.Dir(abs)
	}
	for _, markers := range [][]string{{"nixlint.toml", "flake.nix"}, {".git"}} {
		for dir := start; ; dir = filepath.Dir(dir) {
			for _, m := range markers {
				if _, err := os.Lstat(filepath.Join(dir, m)); err == nil {
					return dir, nil
				}
			}
			if dir == filepath.Dir(dir) {
				break
			}
		}
	}
	return start, nil
}

// discover lists the files below root that end in .nix and are not ignored by
// git, as sorted slash-separated paths relative to root. Links are listed if
// they lead to a file inside root and never followed into folders.
func discover(root string) ([]string, error) {
	var out []string
	patterns := readIgnoreFile(filepath.Join(root, ".git", "info", "exclude"), nil)
	err := walk(root, nil, patterns, &out)
	slices.Sort(out)
	return out, err
}

func walk(root string, dir []string, patterns []gitignore.Pattern, out *[]string) error {
	abs := filepath.Join(root, filepath.Join(dir...))
	entries, err := os.ReadDir(abs)
	if err != nil {
		if len(dir) > 0 && errors.Is(err, fs.ErrPermission) {
			return nil // a folder nobody may read holds nothing for us
		}
		return err
	}
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == ".gitignore" }) {
		patterns = readIgnoreFile(filepath.Join(abs, ".gitignore"), slices.Clone(dir), patterns...)
	}
	var matcher gitignore.Matcher
	if len(patterns) > 0 {
		matcher = gitignore.NewMatcher(patterns)
	}
	for _, e := range entries {
		name := e.Name()
		isDir := e.IsDir()
		if isDir && name == ".git" || !isDir && !strings.HasSuffix(name, ".nix") {
			continue
		}
		at := append(dir, name)
		if matcher != nil && matcher.Match(at, isDir) {
			continue
		}
		switch {
		case isDir:
			if err := walk(root, slices.Clone(at), patterns, out); err != nil {
				return err
			}
		case e.Type().IsRegular() || e.Type()&fs.ModeSymlink != 0 && linksInside(root, filepath.Join(abs, name)):
			*out = append(*out, path.Join(at...))
		}
	}
	return nil
}

// linksInside reports whether a symbolic link leads to a regular file below
// root.
func linksInside(root, link string) bool {
	target, err := filepath.EvalSymlinks(link)
	if err != nil {
		return false
	}
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(real, target)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return false
	}
	info, err := os.Stat(target)
	return err == nil && info.Mode().IsRegular()
}

// readIgnoreFile adds the patterns of an ignore file to those of the folders
// above. A file that cannot be read has none.
func readIgnoreFile(name string, domain []string, above ...gitignore.Pattern) []gitignore.Pattern {
	data, err := os.ReadFile(name)
	if err != nil {
		return above
	}
	patterns := slices.Clone(above)
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		patterns = append(patterns, gitignore.ParsePattern(line, domain))
	}
	return patterns
}

// relative returns name, a file or folder, as slash-separated path relative to
// root.
func relative(root, name string) (string, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(root, abs)
	if err != nil {
		return "", err
	}
	rel = filepath.ToSlash(rel)
	if rel == ".." || strings.HasPrefix(rel, "../") {
		return "", fmt.Errorf("%s is outside of the repository %s", name, root)
	}
	return rel, nil
}
