package repo

import (
	"os"
	"path/filepath"
	"strings"
)

// NixFiles lists the Nix files at and below a path, as check would: what git
// ignores is left out, links are not followed into folders. A file is listed
// whatever its name and even if it is ignored: it was asked for. The names are
// joined to the path given.
func NixFiles(name string) ([]string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{name}, nil
	}
	root, err := FindRoot(name)
	if err != nil {
		return nil, err
	}
	below, err := Relative(root, name)
	if err != nil {
		return nil, err
	}
	all, err := discover(root, nixSuffix)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, p := range all {
		rest := p
		if below != "." {
			var ok bool
			if rest, ok = strings.CutPrefix(p, below+"/"); !ok {
				continue
			}
		}
		out = append(out, filepath.Join(name, filepath.FromSlash(rest)))
	}
	return out, nil
}

// Documents lists the Markdown files of the repository that git does not
// ignore, as sorted paths relative to the root. They are listed along with the Nix
// files when the repository is read, and anew if With has found other files.
func (r *Repo) Documents() ([]string, error) { return r.listed(&r.disk.documents, documentSuffix) }

// Document returns the text of one of the Documents. It is read once as long as nobody tells
// that something has changed on the disk. ok is false if it cannot be read.
func (r *Repo) Document(p string) (text string, ok bool) {
	text, ok = r.textOf(r.abs(p), p)
	if r.reads != nil {
		r.reads.texts[r.abs(p)] = text
	}
	return text, ok
}

// listed returns the files with one of some suffixes, listing them if they are not known.
func (r *Repo) listed(l *fileList, suffixes ...string) ([]string, error) {
	r.disk.mu.Lock()
	defer r.disk.mu.Unlock()
	if l.known {
		return l.files, nil
	}
	var err error
	l.files, err = discover(r.Root, suffixes...)
	l.known = err == nil
	return l.files, err
}

// scriptSuffixes are the endings of files that are likely to call nix: of shells, of make,
// just and their like, and of continuous integration.
var scriptSuffixes = []string{
	".sh", ".bash", ".zsh", ".fish", ".nu", ".py", ".pl", ".rb", ".ts", ".just", "justfile", "Justfile", "Makefile", "makefile", ".mk", ".envrc",
	".yml", ".yaml", ".toml",
}

// Scripts lists the files of the repository that may call programs, and that git does not
// ignore, as sorted paths relative to the root.
func (r *Repo) Scripts() ([]string, error) { return r.listed(&r.disk.scripts, scriptSuffixes...) }
