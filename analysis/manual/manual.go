package manual

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

// Entry describes a builtin, or a function or value of the library.
type Entry struct {
	Name string // as it is reached, without `builtins.` or `lib.`
	// Params are the names of the parameters, in order; none for values.
	Params []string
	Type   string
	Text   string // Markdown
}

// Signature returns how the entry is called, as in `map function list`.
func (e *Entry) Signature() string {
	return strings.Join(append([]string{e.Name}, e.Params...), " ")
}

// deprecated is how the text of an entry begins that should no longer be used.
const deprecated = "Deprecated: "

// Deprecated reports whether the entry should no longer be used.
func (e *Entry) Deprecated() bool { return strings.HasPrefix(e.Text, deprecated) }

//go:embed text
var files embed.FS

// builtinsFile describes builtins, all other files the library.
const builtinsFile = "builtins.txt"

// entries are those of builtins and of the library, by name.
var entries = sync.OnceValue(func() (e struct{ builtins, lib map[string]*Entry }) {
	e.builtins, e.lib = make(map[string]*Entry), make(map[string]*Entry)
	list, err := fs.Glob(files, "text/*.txt")
	if err != nil {
		panic(err)
	}
	for _, name := range list {
		text, err := files.ReadFile(name)
		if err != nil {
			panic(err)
		}
		to := e.lib
		if strings.HasSuffix(name, "/"+builtinsFile) {
			to = e.builtins
		}
		if err := read(to, string(text)); err != nil {
			panic(fmt.Sprintf("manual: %s: %v", name, err))
		}
	}
	return e
})

// read adds the entries of a file.
func read(to map[string]*Entry, text string) error {
	var last *Entry
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		rest, indented := strings.CutPrefix(line, "    ")
		switch {
		case line == "":
			last = nil
		case indented && last != nil:
			last.Text = strings.TrimSpace(last.Text + " " + rest)
		default:
			head, kind, ok := strings.Cut(line, " :: ")
			words := strings.Fields(head)
			if !ok || indented || len(words) == 0 || to[words[0]] != nil {
				return fmt.Errorf("no entry, or one twice: %s", line)
			}
			last = &Entry{Name: words[0], Params: words[1:], Type: kind}
			to[last.Name] = last
		}
	}
	return nil
}

// Builtin returns what describes a builtin, or nil.
func Builtin(name string) *Entry { return entries().builtins[name] }

// Lib returns what describes something in the library, by its path below `lib`: a
// function is the same in `lib` and in the set of its area. It returns nil for what it
// does not know.
func Lib(path ...string) *Entry {
	all := entries()
	if e := all.lib[strings.Join(path, ".")]; e != nil {
		return e
	}
	switch len(path) {
	case 1:
		return all.builtins[path[0]]
	case 2:
		if e := all.lib[path[0]]; e != nil && !ownNames[path[0]] {
			if e := all.lib[path[1]]; e != nil {
				return e
			}
			return all.builtins[path[1]]
		}
	}
	return nil
}

// ownNames are areas whose names mean something else than the same ones in lib.
var ownNames = map[string]bool{"types": true, "fileset": true, "path": true, "platforms": true, "systems": true, "generators": true}

// LibNames returns the names of all entries of the library, in no order.
func LibNames() []string {
	var out []string
	for name := range entries().lib {
		out = append(out, name)
	}
	return out
}
