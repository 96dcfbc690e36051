package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var optionNeverRead = &Rule{
	Name:     "option-never-read",
	Group:    "options",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an option is declared and nothing reads it",
	Why: `An option that no module reads changes nothing, however it is set: the code that used it is gone, or reads another name. The rule
looks at every place in the repository where a name of the option's path is written, and is silent about options that may be read
as a part of a set, about those inside submodules, and about options below names that NixOS or home-manager have. Scripts that
name an option read it; and a file that declares several options, none of which anything reads, and that does nothing else,
is taken for a record that is kept for others.`,
	Bad: "-- flake.nix --\n" + exampleUnread + "-- host.nix --\n{ lib, ... }:\n{\n  options.modules.speed = lib.mkOption {\n    default = 1;\n" +
		"    description = \"How fast.\";\n  };\n  config.modules.speed = 2;\n}\n",
	Good: "-- flake.nix --\n" + exampleUnread + "-- host.nix --\n{ lib, config, ... }:\n{\n  options.modules.speed = lib.mkOption {\n    default = 1;\n" +
		"    description = \"How fast.\";\n  };\n  config.boot.kernelParams = [ \"speed=${toString config.modules.speed}\" ];\n}\n",
	Fix:  NoFix,
	Host: declaredOptions.look,
	Repo: func(r *Repo) {
		var all []declaredOption
		seen := make(map[place]bool)
		for options := range declaredOptions.each(r) {
			for _, o := range options {
				if !seen[o.at] {
					seen[o.at] = true
					all = append(all, o)
				}
			}
		}
		if len(all) == 0 {
			return
		}
		reads := r.allReads()
		unread := slices.DeleteFunc(slices.Clone(all), func(o declaredOption) bool { return reads.has(o.path) })
		if len(unread) == 0 {
			return
		}
		scripts := r.scripts()
		for _, o := range unread {
			shown := module.ShowOption(o.path)
			if r.isInventory(o, all, reads) || slices.ContainsFunc(scripts, func(text string) bool { return containsWord(text, shown) }) {
				continue
			}
			r.Report(diagnostic.Diagnostic{
				File: o.at.file, Span: o.at.span,
				Message: fmt.Sprintf("option `%s` is declared, and no module reads it", shown),
			})
		}
	},
}

// isInventory reports whether an option is one of several that a file declares, which
// defines nothing, and of which no module reads any: they record something for others.
func (r *Repo) isInventory(o declaredOption, all []declaredOption, reads *readIndex) bool {
	if !r.onlyDeclares(o.at.file) {
		return false
	}
	const several = 3
	n := 0
	for _, other := range all {
		if other.at.file != o.at.file {
			continue
		}
		if n++; reads.hasPath(other.path) {
			return false
		}
	}
	return n >= several
}

// onlyDeclares reports whether the module in a file declares options and defines none.
func (r *Repo) onlyDeclares(file string) bool {
	f := r.File(file)
	if f == nil {
		return false
	}
	set := moduleBody(f.Tree)
	return anyKey(set, func(key string) bool { return key == "options" }) && !anyKey(set, func(key string) bool { return key == "config" })
}

// declaredOption is an option that something should read, and where it is declared.
type declaredOption struct {
	at   place
	path []string
}

var declaredOptions = &perHost[[]declaredOption]{func(r *Repo) (out []declaredOption) {
	seen := make(map[place]bool)
	r.ownOptions(func(o *module.Option, d module.Declaration, file *repo.File) {
		path := o.Path
		if len(path) > 3 && path[0] == "home-manager" && path[1] == "users" {
			path = path[3:]
		}
		at := place{file.Path, d.At.Span()}
		if seen[at] || o.Flag("internal") || o.Attrs.Get("renamedTo") != nil || o.Attrs.Get("removed") != nil || o.Attrs.Get("apply") != nil {
			return
		}
		seen[at] = true
		if !module.IsUpstream(path[0]) {
			out = append(out, declaredOption{at, path})
		}
	})
	return out
}}

// exampleUnread is the smallest flake with a host.
const exampleUnread = `{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.host = nixpkgs.lib.nixosSystem { modules = [ ./host.nix ]; };
  };
}
`

// readIndex is what is read of configurations anywhere in the repository, and in how many
// files.
type readIndex struct {
	paths map[string]int // read with all that is below
	words map[string]int // names that are selected from something
	// wholes are names that are selected last, in files that reach options by
	// names which are computed: all that is below may be read there.
	wholes map[string]int
	files  map[string]*fileReads // what of it is of which file
}

// fileReads is what is read in a file, each once.
type fileReads struct{ paths, words, wholes []string }

// allReads indexes the reads of all files. A name that is selected from anything
// at all counts: what it is selected from may well be a part of the
// configuration. Of the last check only what has changed is taken out and put in.
func (r *Repo) allReads() *readIndex {
	index := r.shared.reads
	if index == nil {
		index = &readIndex{make(map[string]int), make(map[string]int), make(map[string]int), make(map[string]*fileReads)}
		r.shared.reads = index
	}
	for _, f := range r.All() {
		if now := readsIn.of(r, f); now != index.files[f.Path] {
			index.count(index.files[f.Path], -1)
			index.count(now, 1)
			index.files[f.Path] = now
		}
	}
	for p, reads := range index.files {
		if !r.Has(p) {
			index.count(reads, -1)
			delete(index.files, p)
		}
	}
	return index
}

// count adds to the numbers of files what is read in one; reads may be nil.
func (i *readIndex) count(reads *fileReads, n int) {
	if reads == nil {
		return
	}
	add := func(to map[string]int, names []string) {
		for _, name := range names {
			if to[name] += n; to[name] == 0 {
				delete(to, name)
			}
		}
	}
	add(i.paths, reads.paths)
	add(i.words, reads.words)
	add(i.wholes, reads.wholes)
}

var readsIn = &perFile[*fileReads]{func(r *Repo, f *repo.File) *fileReads {
	out := &fileReads{}
	names := r.Names(f)
	if computesOptions(f.Tree) {
		out.addWholes(f.Tree)
	}
	for d, def := range names.Definitions() {
		switch names.Name(scope.DefID(d)) {
		case "config", "osConfig", "nixosConfig", "cfg":
		default:
			continue
		}
		if def.Kind != scope.Formal && def.Kind != scope.Argument {
			continue
		}
		for _, read := range symbol.ConfigReads(names, scope.DefID(d)) {
			if !read.Alias {
				out.paths = append(out.paths, strings.Join(read.Path, "\x00"))
			}
		}
	}
	for id := range f.Tree.NodeCount() {
		n := f.Tree.Node(parser.NodeID(id))
		switch n.Kind() {
		case parser.KindSelect:
			for name := range (parser.Select{Node: n}).Path().Children() {
				out.word(name)
			}
		case parser.KindHasAttr:
			for name := range (parser.HasAttr{Node: n}).Path().Children() {
				out.word(name)
			}
		case parser.KindInherit:
			for name := range (parser.Inherit{Node: n}).Names() {
				out.word(name)
			}
		case parser.KindString:
			if s, ok := parser.StaticName(n); ok {
				out.words = append(out.words, s) // an attribute may be named by it
			}
		case parser.KindIdent:
			out.words = append(out.words, n.Text()) // perhaps by `with`
		}
	}
	for _, list := range []*[]string{&out.paths, &out.words, &out.wholes} {
		slices.Sort(*list)
		*list = slices.Clip(slices.Compact(*list))
	}
	return out
}}

// computesOptions reports whether a file selects something of `config` by a name that
// is computed, as in `config.${namespace}.backup`.
func computesOptions(t *parser.Tree) bool {
	for id := range t.NodeCount() {
		n := t.Node(parser.NodeID(id))
		if !n.Is(parser.KindSelect) {
			continue
		}
		if from := (parser.Select{Node: n}).Expr(); !from.Is(parser.KindIdent) || !strings.HasSuffix(strings.ToLower(from.Text()), "config") {
			continue
		}
		for name := range (parser.Select{Node: n}).Path().Children() {
			if _, ok := parser.StaticName(name); !ok {
				return true
			}
		}
	}
	return false
}

// addWholes adds the names that are selected last: by `inherit`, or by a selection
// that is neither where an `inherit` takes names from nor itself of `config`.
func (reads *fileReads) addWholes(t *parser.Tree) {
	add := func(name parser.Node) {
		if s, ok := parser.StaticName(name); ok {
			reads.wholes = append(reads.wholes, s)
		}
	}
	for id := range t.NodeCount() {
		switch n := t.Node(parser.NodeID(id)); n.Kind() {
		case parser.KindInherit:
			for name := range (parser.Inherit{Node: n}).Names() {
				add(name)
			}
		case parser.KindSelect:
			s := parser.Select{Node: n}
			from := s.Expr()
			isConfig := from.Is(parser.KindIdent) && strings.HasSuffix(strings.ToLower(from.Text()), "config")
			if parent := n.Parent(); isConfig || parent.Is(parser.KindInherit) || parent.Is(parser.KindInheritFrom) || parent.Is(parser.KindSelect) {
				continue
			}
			add(s.Path().LastChild())
		}
	}
}

func (reads *fileReads) word(name parser.Node) {
	if s, ok := parser.StaticName(name); ok {
		reads.words = append(reads.words, s)
	}
}

// has reports whether an option may be read: by its path, as a part of a set that
// is used as a whole, or by its last name.
func (i *readIndex) has(path []string) bool {
	if i.words[path[len(path)-1]] > 0 || i.hasPath(path) {
		return true
	}
	for _, name := range path[1:] {
		if i.wholes[name] > 0 {
			return true
		}
	}
	return false
}

// hasPath is has for reads of the option by its whole path, or of a set that it is in.
func (i *readIndex) hasPath(path []string) bool {
	for n := 1; n <= len(path); n++ {
		if i.paths[strings.Join(path[:n], "\x00")] > 0 {
			return true
		}
	}
	return false
}
