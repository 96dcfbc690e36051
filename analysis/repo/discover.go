package repo

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/parallel"
)

// FindRoot returns the root of the repository that a file or folder belongs
// to: the nearest folder above it, or itself, that holds flake.nix, else the
// nearest that holds .git, else the nearest that holds nixlint.toml, else the
// folder itself. Files of settings come last because there may be several in
// one repository.
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
	for _, marker := range []string{"flake.nix", ".git", SettingsFile} {
		for dir := start; ; dir = filepath.Dir(dir) {
			if _, err := os.Lstat(filepath.Join(dir, marker)); err == nil {
				return dir, nil
			}
			if dir == filepath.Dir(dir) {
				break
			}
		}
	}
	return start, nil
}

// TemplateFolder is where a repository may have templates of its own for what
// is scaffolded. They are no Nix yet, and not listed.
const TemplateFolder = ".nixlint/templates"

// SettingsFile is the name of files of settings.
const SettingsFile = "nixlint.toml"

// Endings of the files that are listed.
const (
	nixSuffix      = ".nix"
	documentSuffix = ".md"
)

// discover lists the files below root that end in one of the suffixes and are not ignored by
// git, as sorted slash-separated paths relative to root. Links are listed if
// they lead to a file inside root and never followed into folders. Folders are
// read in parallel, level by level.
func discover(root string, suffixes ...string) ([]string, error) {
	t, err := walk(root, suffixes...)
	slices.Sort(t.files)
	return t.files, err
}

// Folders lists the folders of the repository at root that git does not ignore,
// as slash-separated paths relative to root, root itself being ".".
func Folders(root string) ([]string, error) {
	t, err := walk(root, nixSuffix)
	folders := slices.Sorted(maps.Keys(t.folders))
	if len(folders) > 0 {
		folders[0] = "."
	}
	return folders, err
}

// tree is what has been found below a root, as slash-separated paths relative to it.
type tree struct {
	files   []string
	folders map[string]bool // all that were read, with whether they are plain, see [Repo.IsPlain]; the root is ""
}

// walk reads the folders below root, and lists files with one of the suffixes.
func walk(root string, suffixes ...string) (tree, error) {
	t := tree{folders: make(map[string]bool)}
	level := []folder{{ignoring: rootIgnoring(root)}}
	for len(level) > 0 {
		var next []folder
		for i, l := range parallel.Map(parallel.Workers{}, level, func(f *folder) listing { return f.list(root, suffixes) }) {
			if l.err != nil {
				return tree{}, l.err
			}
			t.files = append(t.files, l.files...)
			next = append(next, l.folders...)
			t.folders[level[i].path] = l.plain
		}
		level = next
	}
	return t, nil
}

// folder is a folder to be read, with the ignore patterns of those above it.
type folder struct {
	path     string // relative to the root, which is ""
	ignoring ignoring
}

// listing is what a folder holds for us.
type listing struct {
	files   []string
	folders []folder
	plain   bool
	err     error
}

func (f *folder) list(root string, suffixes []string) (out listing) {
	abs := filepath.Join(root, filepath.FromSlash(f.path))
	entries, err := os.ReadDir(abs)
	if err != nil {
		if f.path != "" && errors.Is(err, fs.ErrPermission) {
			return out // a folder nobody may read holds nothing for us
		}
		out.err = err
		return out
	}
	out.plain = true
	ignoring := f.ignoring
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == ".gitignore" }) {
		ignoring = ignoring.with(filepath.Join(abs, ".gitignore"), f.path)
	}
	for _, e := range entries {
		name := e.Name()
		isDir := e.IsDir()
		if name == ".git" || name == SettingsFile {
			out.plain = false
		}
		if isDir && name == ".git" || !isDir && !slices.ContainsFunc(suffixes, func(s string) bool { return strings.HasSuffix(name, s) }) {
			continue
		}
		at := name
		if f.path != "" {
			at = f.path + "/" + name
		}
		if isDir && at == TemplateFolder || ignoring.matches(at, isDir) {
			continue
		}
		switch {
		case isDir:
			out.folders = append(out.folders, folder{at, ignoring})
		case e.Type().IsRegular() || e.Type()&fs.ModeSymlink != 0 && linksInside(root, filepath.Join(abs, name)):
			out.files = append(out.files, at)
		}
	}
	return out
}

// IsLink reports whether a file, relative to the root, is itself a symbolic
// link. Nix takes relative paths in such a file from where the link leads, if
// the link is imported by its name, and from where the link lies, if the folder
// around it is.
func (r *Repo) IsLink(file string) bool {
	info, err := os.Lstat(filepath.Join(r.Root, filepath.FromSlash(file)))
	return err == nil && info.Mode()&fs.ModeSymlink != 0
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

// Relative returns a file or folder as slash-separated path relative to the root
// of its repository. It is an error if it lies outside.
func Relative(root, name string) (string, error) {
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
