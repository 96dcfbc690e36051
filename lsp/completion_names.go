package lsp

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/manual"
	"github.com/nixlint/nixlint/analysis/packages"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/generator"
	"github.com/nixlint/nixlint/parser"
)

// members proposes what the names before the cursor hold.
func (c *completion) members() {
	root, path := c.cursor.Root, c.cursor.Below
	if slices.Equal(c.cursor.Before, []string{"inputs"}) || root == "inputs" && len(path) == 0 {
		c.inputNames()
	}
	switch root {
	case "":
		if len(c.cursor.Before) > 0 && symbol.IsLibrary(c.Names(c.path), c.Names(c.path).Lookup(c.cursor.Scope, c.cursor.Before[0])) {
			c.library(c.cursor.Before[1:])
		}
		c.fields()
		c.readNames()
		if len(c.cursor.Before) == 2 && c.cursor.Before[0] == "inputs" {
			c.inputOutputs("inputs", c.cursor.Before[1:])
		}
		return
	case "pkgs":
		if len(path) == 0 {
			c.packages()
		}
	case "builtins":
		if len(path) == 0 {
			for _, name := range scope.BuiltinNames() {
				c.addEntry(name, "builtin", protocol.CompletionItemKindFunction, rankMember, manual.Builtin(name), described{Builtin: name})
			}
		}
		return
	case "config", "options":
		for _, in := range c.view.Evaluations {
			c.optionNames(in.Config, path, rankMember, "", nil)
		}
	}
	ev := c.view.Model.Evaluator()
	known := root == "pkgs" && packages.Of(c.Repo) != nil
	for _, in := range c.view.Evaluations {
		known = known || root == "config" && len(in.Config.Names(path...)) > 0
	}
	for _, value := range c.view.Values(root, path) {
		set, ok := value.(*eval.Attrs)
		if !ok {
			continue
		}
		known = known || set.Rest == nil || root == "lib"
		for _, a := range set.Entries {
			if c.seen[a.Name] || root == "config" && a.At.IsValid() && !c.view.Model.Own(a.At.File.Path) {
				continue
			}
			c.member(ev, root, path, a)
		}
	}
	c.unregistered(root, path)
	if below, ok := symbol.LibraryBelow(root, path); ok && (root != "lib" || len(c.view.Model.Evaluations()) == 0) {
		known = c.library(below) || known
	}
	if !known {
		if root == "config" {
			c.ownOptions(path)
		}
		c.readNames()
		for _, name := range c.view.NamedBelow(c.Names, c.path, root, path) {
			c.add(name, "named elsewhere", protocol.CompletionItemKindField, rankMember)
		}
		c.inputOutputs(root, path)
	}
}

// library proposes what nixpkgs' library has below a path, where nothing is evaluated that gets
// it. It reports whether that is anything.
func (c *completion) library(path []string) (any bool) {
	for _, whole := range slices.Sorted(slices.Values(manual.LibNames())) {
		names := strings.Split(whole, ".")
		n := len(path)
		if len(names) <= n || !slices.Equal(names[:n], path) {
			continue
		}
		any = true
		if len(names) > n+1 {
			c.add(names[n], "set", protocol.CompletionItemKindStruct, rankMember)
			continue
		}
		c.addEntry(names[n], "lib."+whole, protocol.CompletionItemKindFunction, rankMember, manual.Lib(names...), described{Lib: names})
	}
	return any
}

// sourceAttributes are those of every input besides its outputs.
var sourceAttributes = []struct{ name, detail string }{
	{"outPath", "the folder of the source"}, {"inputs", "its own inputs"}, {"outputs", "what its flake.nix returns"},
	{"sourceInfo", "of the source alone"}, {"rev", "the commit"}, {"shortRev", "the beginning of the commit"},
	{"narHash", "the hash of the contents"}, {"lastModified", "when it was changed, in seconds"},
	{"lastModifiedDate", "when it was changed, as text"}, {"revCount", "the number of commits, of git"},
	{"submodules", "whether those of git were fetched"},
}

// inputOutputs proposes what flakes have as a rule, for an input whose source is not at hand.
func (c *completion) inputOutputs(root string, path []string) {
	way := below(path)
	if root != "inputs" {
		way = below([]string{root}, path...)
	}
	in := c.folder.inputs.of(c.Repo)
	if in == nil || len(way) != 1 || !in.Known(way) || root != "inputs" && c.path != flakeFile {
		return
	}
	for _, name := range rules.FlakeOutputs() {
		c.add(name, "an output, if the input has it", protocol.CompletionItemKindProperty, rankForeign)
	}
	for _, a := range sourceAttributes {
		c.add(a.name, a.detail, protocol.CompletionItemKindProperty, rankForeign)
	}
}

// fields proposes the attributes of sets whose code is at hand.
func (c *completion) fields() {
	for _, f := range c.query.code().Before(c.cursor) {
		switch value := parser.Unparen(f.Value); {
		case value.Is(parser.KindLambda):
			c.add(f.Name, "function", protocol.CompletionItemKindFunction, rankMember)
		case value.IsValid():
			c.add(f.Name, oneLine(value.Text()), protocol.CompletionItemKindField, rankMember)
		default:
			c.add(f.Name, "", protocol.CompletionItemKindField, rankMember)
		}
	}
}

// ownOptions proposes the options that the file itself declares below a path, of a module that
// no host imports.
func (c *completion) ownOptions(path []string) {
	for _, name := range symbol.OwnOption(c.File(c.path), c.Names(c.path), path).Members {
		c.add(name, "an option of this file", protocol.CompletionItemKindProperty, rankMember)
	}
}

// readNames proposes the attributes that the file reads elsewhere of the variable before the
// cursor.
func (c *completion) readNames() {
	if len(c.cursor.Before) == 0 {
		return
	}
	names, below := c.Names(c.path), c.cursor.Before[1:]
	d := names.Lookup(c.cursor.Scope, c.cursor.Before[0])
	if d == scope.None {
		return
	}
	for _, read := range symbol.ConfigReads(names, d) {
		n := len(below)
		if len(read.Path) <= n || !slices.Equal(read.Path[:n], below) {
			continue
		}
		if name := read.Names[n]; name.IsValid() && !name.Span().Contains(c.cursor.Span.Start) {
			c.add(read.Path[n], "named elsewhere in the file", protocol.CompletionItemKindField, rankMember)
		}
	}
}

// member proposes one attribute.
func (c *completion) member(ev *eval.Evaluator, root string, path []string, a eval.Attr) {
	whole := below(path, a.Name)
	if entry, folder := c.view.Registered(below([]string{root}, whole...)); entry != nil {
		c.add(a.Name, entry.Target, protocol.CompletionItemKindFile, rankMember)
		return
	} else if len(folder) > 0 {
		c.add(a.Name, counted(len(folder), "module"), protocol.CompletionItemKindFolder, rankMember)
		return
	}
	if root == "lib" {
		if e := manual.Lib(whole...); e != nil {
			c.addEntry(a.Name, "lib."+strings.Join(whole, "."), protocol.CompletionItemKindFunction, rankMember, e, described{Lib: whole})
			return
		}
	}
	r := rankMember
	if strings.HasPrefix(a.Name, "_") {
		r = rankGlobal // for the author's own use, as a rule
	}
	switch v := ev.Force(a.Value).(type) {
	case *eval.Lambda, *eval.Native:
		c.add(a.Name, "function", protocol.CompletionItemKindFunction, r)
	case *eval.Attrs:
		c.add(a.Name, "set", protocol.CompletionItemKindStruct, r)
	case *eval.Unknown, *eval.Error:
		c.add(a.Name, "", protocol.CompletionItemKindField, r)
	default:
		c.add(a.Name, oneLine(strings.ReplaceAll(ev.PrintShallow(v), "<CODE>", "…")), protocol.CompletionItemKindValue, r)
	}
}

// unregistered proposes the files in the folder of a registry that it does not name yet, as
// the keys that they will have: taking one adds it to the registry.
func (c *completion) unregistered(root string, key []string) {
	folder := c.view.RegistryFolder(below([]string{root}, key...))
	if folder == "" {
		return
	}
	imported := c.view.Model.Imported()
	for _, f := range c.Repo.Files {
		rest, ok := strings.CutPrefix(f.Path, folder+"/")
		if !ok || imported[f.Path] || c.view.EntryOf(f.Path) != nil || f.Path == c.path {
			continue
		}
		name, deeper, isDeeper := strings.Cut(rest, "/")
		if isDeeper && deeper != "default.nix" || rest == "default.nix" {
			continue
		}
		own := generator.Camel(strings.TrimSuffix(name, ".nix"))
		item := c.add(own, f.Path+" (adds it to the registry)", protocol.CompletionItemKindFile, rankForeign)
		if item == nil {
			continue
		}
		// The registry is another file as a rule, which a proposal cannot edit itself.
		argument, _ := json.Marshal(struct {
			URI  uri.URI  `json:"uri"`
			Key  []string `json:"key"`
			File string   `json:"file"`
		}{c.folder.uriOf(c.path), slices.Concat([]string{root}, key, []string{own}), f.Path})
		item.Command = protocol.Command{Title: "Register " + f.Path, Command: commandRegister, Arguments: []protocol.LSPAny{argument}}
	}
}

// formals proposes the arguments that evaluation gives to the module, or the inputs of the
// flake.
func (c *completion) formals() {
	if c.flakeFormals() || c.perSystemFormals() {
		return
	}
	m := c.view.Model
	evaluations := c.view.Evaluations
	if len(evaluations) == 0 && c.isModule() {
		// Nothing imports the file yet: what the modules of hosts get it will get too.
		for _, h := range m.Hosts {
			evaluations = append(evaluations, symbol.In{Host: h, Evaluation: h.System})
		}
	}
	for _, in := range evaluations {
		for _, name := range m.Arguments(in.Host, in.Evaluation).Names {
			r := rankMember
			switch {
			case slices.Contains(usualArguments, name):
				r = rankFirst
			case repo.IsInternalArgument(name):
				r = rankGlobal
			}
			c.add(name, "argument of modules", protocol.CompletionItemKindVariable, r)
		}
	}
}

// usualArguments are those that most modules ask for.
var usualArguments = []string{"config", "lib", "pkgs"}

// isModule reports whether the pattern at the cursor is that of a function that the file is,
// in which nothing but a module is to be expected.
func (c *completion) isModule() bool {
	f := parser.Unparen(c.tree().Expr())
	if !f.Is(parser.KindLambda) || c.path == flakeFile {
		return false
	}
	p, ok := parser.Lambda{Node: f}.Pattern()
	return ok && p.Span().Contains(c.at)
}

// keywords are what an expression can begin with.
var keywords = []string{"let", "if", "with", "rec", "assert"}

// inherited proposes the names that a set can take over from around it.
func (c *completion) inherited() {
	names := c.Names(c.path)
	for d := range names.Visible(c.cursor.Scope) {
		c.add(names.Name(d), "", protocol.CompletionItemKindVariable, rankLocal)
	}
}

// names proposes the names that mean something here.
func (c *completion) names() {
	names := c.Names(c.path)
	for d := range names.Visible(c.cursor.Scope) {
		c.add(names.Name(d), c.boundTo(d), protocol.CompletionItemKindVariable, rankLocal)
	}
	for w := range names.Withs(c.cursor.Scope) {
		with := parser.With{Node: c.tree().Node(names.Scopes()[w].Node)}
		if root, path, ok := symbol.Chain(names, with.Namespace()); ok {
			c.cursor.Root, c.cursor.Below = root, path
			c.members()
		}
	}
	c.fields()
	for _, name := range scope.BuiltinNames() {
		if b := scope.BuiltinOf(name); b == scope.Global || b == scope.Constant {
			c.addEntry(name, "builtin", protocol.CompletionItemKindFunction, rankGlobal, manual.Builtin(name), described{Builtin: name})
		}
	}
	for _, word := range keywords {
		c.add(word, "", protocol.CompletionItemKindKeyword, rankKeyword)
	}
	for n := range c.tree().NodeAt(max(c.cursor.Span.Start, 1) - 1).Ancestors() {
		switch n.Kind() {
		case parser.KindIf:
			c.add("then", "", protocol.CompletionItemKindKeyword, rankKeyword)
			c.add("else", "", protocol.CompletionItemKindKeyword, rankKeyword)
		case parser.KindSelect:
			c.add("or", "", protocol.CompletionItemKindKeyword, rankKeyword)
		case parser.KindBinding, parser.KindAttrSet, parser.KindLambda:
			return
		}
	}
}

// boundTo returns what a variable is bound to, in a line; empty for what is no binding.
func (c *completion) boundTo(d scope.DefID) string {
	def := c.Names(c.path).Definitions()[d]
	path := c.tree().Node(def.Node).Parent()
	if def.Kind != scope.Binding || path.ChildCount() != 1 || !path.Parent().Is(parser.KindBinding) {
		return ""
	}
	return oneLine(firstLines((parser.Binding{Node: path.Parent()}).Value().Text()))
}

// files proposes what the folder of a path literal holds.
func (c *completion) files() {
	dir, begun := path.Split(c.cursor.Text)
	if !strings.HasPrefix(dir, "./") && !strings.HasPrefix(dir, "../") {
		return
	}
	c.cursor.Span.Start = c.cursor.Span.End - uint32(len(begun))
	folder := path.Join(path.Dir(c.path), dir)
	if n := c.importsAt(); n.IsValid() {
		for _, name := range c.view.FilesIn(folder) {
			c.seen[name] = c.Repo.ModuleFile(path.Join(folder, name)) == ""
		}
	}
	c.filesIn(folder)
}

// filesIn proposes what a folder of the repository holds.
func (c *completion) filesIn(folder string) {
	for _, name := range c.view.FoldersIn(folder) {
		c.add(name, "", protocol.CompletionItemKindFolder, rankMember)
	}
	for _, name := range c.view.FilesIn(folder) {
		if path.Join(folder, name) != c.path {
			c.add(name, "", protocol.CompletionItemKindFile, rankMember)
		}
	}
}

// pathsInText proposes files in a text such as "${self}/modules/…", which names a path of
// the repository.
func (c *completion) pathsInText() {
	n := c.tree().NodeAt(c.cursor.Span.Start)
	for !n.Is(parser.KindString) && n.IsValid() {
		n = n.Parent()
	}
	if !n.IsValid() || !strings.HasPrefix(c.cursor.Text, "/") {
		return
	}
	first := n.Child(0)
	if !first.Is(parser.KindInterp) || first.Span().End != c.cursor.Span.Start {
		return
	}
	if root := (parser.Interp{Node: first}).Expr().Text(); root != "self" && root != "inputs.self" {
		return
	}
	dir, begun := path.Split(c.cursor.Text)
	c.cursor.Span.Start = c.cursor.Span.End - uint32(len(begun))
	c.filesIn(path.Clean("." + dir))
}
