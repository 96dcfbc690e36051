package eval

import (
	"io/fs"
	"maps"
	"path"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// Overlay is a source with files that are held in memory, such as those that
// are open in an editor. They win over those of the base.
type Overlay struct {
	// Base has the other files; nil if there are none.
	Base Source
	// Root is the folder that may be looked at if there is no base.
	Root string
	// Files are the texts by path.
	Files map[string]string
}

// Allowed reports whether a path is in the base, or below Root.
func (o *Overlay) Allowed(p string) bool {
	if o.Base != nil {
		return o.Base.Allowed(p)
	}
	return p == o.Root || strings.HasPrefix(p, strings.TrimSuffix(o.Root, "/")+"/")
}

// Parse returns the tree of a file.
func (o *Overlay) Parse(p string) (*parser.Tree, error) {
	text, ok := o.Files[p]
	switch {
	case ok:
		return parser.Parse(text), nil
	case o.Base != nil:
		return o.Base.Parse(p)
	}
	return nil, fs.ErrNotExist
}

// ReadFile returns the text of a file.
func (o *Overlay) ReadFile(p string) (string, error) {
	text, ok := o.Files[p]
	switch {
	case ok:
		return text, nil
	case o.Base != nil:
		return o.Base.ReadFile(p)
	}
	return "", fs.ErrNotExist
}

// ReadDir lists a folder of either.
func (o *Overlay) ReadDir(p string) (map[string]string, error) {
	out := make(map[string]string)
	if o.Base != nil && o.Base.Kind(p) == "directory" {
		entries, err := o.Base.ReadDir(p)
		if err != nil {
			return nil, err
		}
		maps.Copy(out, entries)
	}
	for name := range o.Files {
		rest, ok := strings.CutPrefix(name, strings.TrimSuffix(p, "/")+"/")
		if !ok {
			continue
		}
		if first, _, deeper := strings.Cut(rest, "/"); deeper {
			out[first] = "directory"
		} else {
			out[first] = "regular"
		}
	}
	return out, nil
}

// Kind returns the kind of what is at a path in either.
func (o *Overlay) Kind(p string) string {
	if _, ok := o.Files[p]; ok {
		return "regular"
	}
	for name := range o.Files {
		if strings.HasPrefix(name, strings.TrimSuffix(p, "/")+"/") {
			return "directory"
		}
	}
	if o.Base != nil {
		return o.Base.Kind(p)
	}
	return ""
}

// ReadLink returns what a link of the base points to.
func (o *Overlay) ReadLink(p string) string {
	if links, ok := o.Base.(Linker); ok && o.Files[path.Clean(p)] == "" {
		return links.ReadLink(p)
	}
	return ""
}
