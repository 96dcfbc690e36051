package symbol

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// Values returns the values below an argument, in each evaluation that the file takes part
// in; for files that are no modules, what any host's modules get or the flake itself has.
func (v View) Values(root string, path []string) (out []eval.Value) {
	for _, in := range v.Evaluations {
		if value, _ := v.Value(in, root, path); value != nil {
			out = append(out, value)
		}
	}
	if len(v.Evaluations) == 0 {
		if value := v.valueOf(root, path); value != nil {
			out = append(out, value)
		}
	}
	return out
}

// Entries returns the entries of all registries that the file's modules get.
func (v View) Entries() (out []repo.RegistryEntry) {
	for _, r := range v.registries() {
		out = append(out, r.Entries...)
	}
	return out
}

// RegistryFolder returns the folder that the entries of a registry below a key lie in;
// empty if there are none, or if they have no folder in common.
func (v View) RegistryFolder(key []string) string {
	for _, r := range v.registries() {
		if folder := r.Folder(key...); folder != "" {
			return folder
		}
	}
	return ""
}

// FilesIn returns the names of the files in a folder of the repository, and of the folders
// in it that have a default.nix, sorted. What git ignores is left out.
func (v View) FilesIn(folder string) (out []string) {
	r := v.Model.Repo
	for _, f := range r.Files {
		rest, ok := strings.CutPrefix(f.Path, folder+"/")
		if folder == "." {
			rest, ok = f.Path, true
		}
		if name, deeper, isDeeper := strings.Cut(rest, "/"); ok && (!isDeeper || deeper == "default.nix") {
			out = append(out, name)
		}
	}
	entries, _ := os.ReadDir(filepath.Join(r.Root, filepath.FromSlash(folder))) // one that is not there has none
	for _, e := range entries {
		if name := e.Name(); e.Type().IsRegular() && !strings.HasPrefix(name, ".") && !r.Ignored(strings.TrimPrefix(folder+"/"+name, "./")) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// FoldersIn returns the names of the folders in a folder of the repository, sorted. What git
// ignores is left out.
func (v View) FoldersIn(folder string) (out []string) {
	r := v.Model.Repo
	for _, f := range r.Files { // some need not be on the disk yet
		rest, ok := strings.CutPrefix(f.Path, folder+"/")
		if folder == "." {
			rest, ok = f.Path, true
		}
		if name, _, deeper := strings.Cut(rest, "/"); ok && deeper {
			out = append(out, name)
		}
	}
	entries, _ := os.ReadDir(filepath.Join(r.Root, filepath.FromSlash(folder))) // one that is not there has none
	for _, e := range entries {
		if name := e.Name(); e.IsDir() && !strings.HasPrefix(name, ".") && !r.Ignored(strings.TrimPrefix(folder+"/"+name, "./")) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// InWith reports whether a scope is inside of a `with` of what a name means.
func InWith(names *scope.Names, in scope.ID, name string) bool {
	for w := range names.Withs(in) {
		with := parser.With{Node: names.Tree().Node(names.Scopes()[w].Node)}
		if root, path, ok := Chain(names, with.Namespace()); ok && root == name && len(path) == 0 {
			return true
		}
	}
	return false
}

// Opened returns how many of the names of a path need not be written in a scope, because the
// innermost `with` around it that opens any of the path opens what they name.
func Opened(names *scope.Names, in scope.ID, path []string) int {
	for w := range names.Withs(in) {
		with := parser.With{Node: names.Tree().Node(names.Scopes()[w].Node)}
		root, below, ok := Chain(names, with.Namespace())
		if n := 1 + len(below); ok && root == path[0] && n < len(path) && slices.Equal(below, path[1:n]) {
			return n
		}
	}
	return 0
}

// NamedBelow returns the names that other files of the repository read below an argument,
// sorted: what is likely to be there if evaluation does not know.
func (v View) NamedBelow(namesOf func(string) *scope.Names, file, root string, path []string) (out []string) {
	for _, f := range v.Model.Repo.Files {
		if f.Path == file {
			continue // where it is being written
		}
		for _, read := range append(reads(f, namesOf, root), withReads(f, namesOf, root)...) {
			if len(read.Path) > len(path) && slices.Equal(read.Path[:len(path)], path) {
				out = append(out, read.Path[len(path)])
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// reads returns what the modules of a file read of an argument.
func reads(f *repo.File, namesOf func(string) *scope.Names, argument string) []ConfigRead {
	if !strings.Contains(f.Text, argument) {
		return nil
	}
	names := namesOf(f.Path)
	var out []ConfigRead
	for d, def := range names.Definitions() {
		if def.Kind == scope.Formal && names.Name(scope.DefID(d)) == argument {
			out = append(out, ConfigReads(names, scope.DefID(d))...)
		}
	}
	return out
}

// withReads returns what a file reads of an argument through `with`, as `hardware.nvidia` in
// `with modules.nixos; [ hardware.nvidia ]`. The names that the namespace gives are invalid.
func withReads(f *repo.File, namesOf func(string) *scope.Names, argument string) (out []ConfigRead) {
	if !strings.Contains(f.Text, argument) || !strings.Contains(f.Text, "with") {
		return nil
	}
	names := namesOf(f.Path)
	for _, use := range names.Uses() {
		if use.Target != scope.FromWith {
			continue
		}
		root, path, _ := rootOfWiths(names, use.With, maxAliases)
		if root != argument {
			continue
		}
		n := f.Tree.Node(use.Node)
		read := ConfigRead{Path: append(path, n.Text()), Names: append(make([]parser.Node, len(path)), n)}
		if sel := n.Parent(); sel.Is(parser.KindSelect) && (parser.Select{Node: sel}).Expr() == n {
			read, _ = read.then(parser.Select{Node: sel}.Path().Node)
		}
		out = append(out, read)
	}
	return out
}

// Registries returns the registries of all hosts and homes, each once.
func (v View) Registries() (out []*repo.Registry) {
	seen := make(map[Place]bool)
	for _, e := range v.Model.Evaluations() {
		for _, r := range v.Model.Registries(e) {
			if len(r.Entries) == 0 {
				continue
			}
			if at := v.Place(r.Entries[0].At); at.File != "" && !seen[at] {
				seen[at] = true
				out = append(out, r)
			}
		}
	}
	return out
}

// DeclaredOption is an option that a file declares.
type DeclaredOption struct {
	Path []string
	At   parser.Span // its name
	Set  []Place     // where the repository defines it, in order
}

// DeclaredIn returns the options that a file declares, in the order of the file.
func (v View) DeclaredIn(file string) (out []DeclaredOption) {
	places := make(map[parser.Span]map[Place]bool)
	names := make(map[parser.Span][]string)
	for _, in := range v.Evaluations {
		for _, o := range in.Config.Declared() {
			for _, d := range o.Declarations {
				at := v.Place(d.At)
				if at.File != file {
					continue
				}
				if places[at.Span] == nil {
					places[at.Span], names[at.Span] = make(map[Place]bool), o.Path
				}
			}
		}
	}
	// Hosts that do not import the module do not set its options.
	for at, path := range names {
		for _, in := range v.Evaluations {
			o, rest := in.Config.Option(path...)
			if o == nil || len(rest) > 0 {
				continue
			}
			for _, d := range o.Written() {
				if p := v.Place(d.At); p.File != "" {
					places[at][p] = true
				}
			}
		}
		set := slices.SortedFunc(maps.Keys(places[at]), func(a, b Place) int {
			return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Span.Start, b.Span.Start))
		})
		out = append(out, DeclaredOption{path, at, set})
	}
	slices.SortFunc(out, func(a, b DeclaredOption) int { return int(a.At.Start) - int(b.At.Start) })
	return out
}

// LibFunction is a function that the repository adds to the library that its modules get.
type LibFunction struct {
	Name string // with `lib.` before it
	At   Place
}

// maxLibDepth bounds how deep sets of the library are looked into.
const maxLibDepth = 3

// LibFunctions returns the functions of the library that files of the repository define.
func (v View) LibFunctions() (out []LibFunction) {
	ev := v.Model.Evaluator()
	var collect func(value eval.Value, name string, depth int)
	collect = func(value eval.Value, name string, depth int) {
		set, ok := value.(*eval.Attrs)
		if !ok || depth == 0 {
			return
		}
		for _, a := range set.Entries {
			at := v.Place(a.At)
			if at.File == "" {
				continue // nixpkgs' own
			}
			switch inner := ev.Force(a.Value).(type) {
			case *eval.Lambda, *eval.Native:
				out = append(out, LibFunction{name + "." + a.Name, at})
			case *eval.Attrs:
				collect(inner, name+"."+a.Name, depth-1)
			}
		}
	}
	for _, value := range v.Values("lib", nil) {
		collect(value, "lib", maxLibDepth)
	}
	return out
}
