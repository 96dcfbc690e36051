package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var docModulePathStale = &Rule{
	Name:     "doc-module-path-stale",
	Group:    "docs",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "Nix code in the documentation names a module that is not there any more",
	Why: "Code in ```nix blocks of Markdown files is copied into modules. The rule looks there for names of the module registry, such as\n" +
		"`modules.nixos.desktop.gnome`, for paths such as `\"${inputs.self}/modules/nixos/vms\"`" + `, and, in blocks that begin with a comment that
names a file of the repository, for paths relative to that file.

Examples of what could be are told from what was by their surroundings: a name is reported if the registry has the set it should be
in, or has the name elsewhere; a path if its folder exists, or a file of its name. Names that the page itself
defines, files whose content it shows, placeholders such as ` + "`feature`" + `, and logs of changes are left out.`,
	Bad: "-- flake.nix --\n" + exampleFlake + "-- host.nix --\n{ }\n-- nvidia.nix --\n{ }\n-- README.md --\n" +
		"```nix\nimports = [ modules.nixos.nvida ];\n```\n",
	Good: "-- flake.nix --\n" + exampleFlake + "-- host.nix --\n{ }\n-- nvidia.nix --\n{ }\n-- README.md --\n" +
		"```nix\nimports = [ modules.nixos.nvidia ];\n```\n",
	Fix: SometimesFix,
	Repo: func(r *Repo) {
		for doc, block := range r.documentedCode() {
			d := &docBlock{Repo: r, file: doc.file, page: doc.text, nixBlock: block, names: scope.Resolve(block.tree), keys: r.registryKeys()}
			d.check()
		}
	},
}

// registryKeys returns the paths of the registries that hosts and homes get: of
// the sets that lead to entries, and of all that is in these sets. The value
// tells whether anything may be below: it is unset for the sets.
func (r *Repo) registryKeys() map[string]bool {
	if r.keys != nil {
		return r.keys
	}
	keys := make(map[string]bool)
	for _, reg := range r.registries() {
		if !isHandedOut(reg) {
			for _, entry := range reg.Entries {
				addKeys(reg.Evaluator(), keys, reg.Set, entry.Key)
			}
		}
	}
	for _, e := range r.Model.Evaluations() {
		for at := range keys {
			if name, _, _ := strings.Cut(at, "."); e.Args.Rest != nil && e.Args.Get(name) == nil {
				keys[name] = true // it may get another set under that name
			}
		}
	}
	r.keys = keys
	return keys
}

// addKeys adds what is in the sets on the way to an entry.
func addKeys(ev *eval.Evaluator, keys map[string]bool, set *eval.Attrs, key []string) {
	for i, name := range key {
		at := strings.Join(key[:i+1], ".")
		if i == len(key)-1 {
			keys[at] = true
			return
		}
		if i > 0 {
			a := set.Get(name)
			if a == nil {
				return
			}
			inner, ok := ev.Force(a.Value).(*eval.Attrs)
			if !ok {
				return
			}
			set = inner
		}
		keys[at] = set.Rest != nil
		for _, a := range set.Entries {
			if _, ok := keys[at+"."+a.Name]; !ok {
				keys[at+"."+a.Name] = true
			}
		}
	}
}

// docBlock is a block of code that is looked at.
type docBlock struct {
	*Repo
	file string
	page string // text of the whole file
	nixBlock
	names *scope.Names
	keys  map[string]bool
}

// firstComment is a comment at the head of a block that names a file.
var firstComment = lazily(`^\s*#\s*([A-Za-z0-9_./-]+\.nix)\b`)

func (d *docBlock) check() {
	standsFor := ""
	// A file at the root, such as flake.nix, may be that of the reader.
	if m := firstComment().FindStringSubmatch(d.text); m != nil && strings.Contains(m[1], "/") && d.File(m[1]) != nil {
		standsFor = m[1]
	}
	for id := range d.tree.NodeCount() {
		switch n := d.tree.Node(parser.NodeID(id)); n.Kind() {
		case parser.KindSelect:
			if s := (parser.Select{Node: n}); !s.Default().IsValid() {
				if names, ok := s.Path().Static(); ok && parser.Unparen(s.Expr()).Is(parser.KindIdent) {
					d.key(n, parser.Unparen(s.Expr()), names)
				}
			}
		case parser.KindIdent:
			if !n.Parent().Is(parser.KindSelect) {
				d.key(n, n, nil)
			}
		case parser.KindPath:
			if target, ok := repo.Target(standsFor, parser.Path{Node: n}); ok && standsFor != "" {
				d.path(n, target)
			}
		case parser.KindString:
			if parts := (parser.String{Node: n}).Parts(); len(parts) == 2 && parts[0].Interp.IsValid() && parts[1].Text != "" &&
				symbol.LastName(parser.Interp{Node: parts[0].Interp}.Expr()) == "self" && strings.HasPrefix(parts[1].Text, "/") {
				d.path(n, path.Clean(parts[1].Text[1:]))
			}
		}
	}
}

// key looks at a name, with what is selected from it, that may be one of the
// registry: it begins with the registry's argument, or stands in a `with` of a
// part of it.
func (d *docBlock) key(n, root parser.Node, selected []string) {
	u := d.names.UseAt(root)
	if u == scope.None {
		return
	}
	use := d.names.Uses()[u]
	key := append([]string{root.Text()}, selected...)
	switch {
	case use.Def != scope.None:
		// A parameter is the argument itself; other definitions are the block's own.
		if def := d.names.Definitions()[use.Def]; def.Kind != scope.Formal {
			return
		}
	case use.With != scope.None:
		with := parser.With{Node: d.tree.Node(d.names.Scopes()[use.With].Node)}
		prefix := namePath(with.Namespace())
		if prefix == nil {
			return
		}
		key = append(prefix, key...)
	}
	if _, ok := d.keys[key[0]]; !ok || len(key) < 2 {
		return
	}
	for i := range key {
		if prefix := strings.Join(key[:i+1], "."); i > 0 && !d.has(prefix) {
			d.staleKey(n, key, i)
			return
		} else if d.keys[prefix] {
			return // a module, or a set of which not all is known
		}
	}
}

func (d *docBlock) has(key string) bool {
	_, ok := d.keys[key]
	return ok
}

// namePath returns the names of `a.b.c`, or nil.
func namePath(n parser.Node) []string {
	switch n = parser.Unparen(n); n.Kind() {
	case parser.KindIdent:
		return []string{n.Text()}
	case parser.KindSelect:
		s := parser.Select{Node: n}
		names, ok := s.Path().Static()
		if root := parser.Unparen(s.Expr()); ok && root.Is(parser.KindIdent) {
			return append([]string{root.Text()}, names...)
		}
	}
	return nil
}

// staleKey reports a key of which the registry has all but the names from i on,
// if it is not only an example.
func (d *docBlock) staleKey(n parser.Node, key []string, i int) {
	full, set, last := strings.Join(key, "."), strings.Join(key[:i], "."), key[len(key)-1]
	if isPlaceholder(key[i:]) || strings.Contains(d.page, full+" =") || strings.Contains(d.page, full+".enable") {
		return
	}
	var siblings, elsewhere []string
	for k := range d.keys {
		if rest, ok := strings.CutPrefix(k, set+"."); ok && !strings.Contains(rest, ".") {
			siblings = append(siblings, rest)
		}
		if strings.HasPrefix(k, key[0]+".") && strings.HasSuffix(k, "."+last) {
			elsewhere = append(elsewhere, k)
		}
	}
	slices.Sort(siblings)
	elsewhere = nearestKeys(elsewhere, full)
	diag := diagnostic.Diagnostic{
		File: d.file, Span: d.span(n.Span()),
		Message: fmt.Sprintf("`%s` is not in the module registry", full),
	}
	near := repo.Nearest(key[i], siblings)
	switch {
	case len(elsewhere) > 0:
		diag.Help = fmt.Sprintf("there is `%s`", strings.Join(elsewhere, "`, `"))
		if len(elsewhere) == 1 && n.Text() == full {
			diag.Fix = &diagnostic.Fix{
				Title: fmt.Sprintf("replace by `%s`", elsewhere[0]),
				Edits: []diagnostic.Edit{{File: d.file, Span: diag.Span, Text: elsewhere[0]}},
			}
		}
	case near != "":
		diag.Help = fmt.Sprintf("did you mean `%s`?", near)
		if text := n.Text(); i == len(key)-1 && (text == last || strings.HasSuffix(text, "."+last)) {
			s := diag.Span
			s.Start = s.End - uint32(len(last))
			diag.Fix = &diagnostic.Fix{
				Title: fmt.Sprintf("replace `%s` by `%s`", last, near),
				Edits: []diagnostic.Edit{{File: d.file, Span: s, Text: near}},
			}
		}
	case i == len(key)-1 && i > 1:
		diag.Help = fmt.Sprintf("`%s` has `%s`", set, strings.Join(siblings[:min(12, len(siblings))], "`, `"))
	default:
		return
	}
	d.Report(diag)
}

// nearestKeys returns those of some keys, three at most, that share the most
// leading names with a key.
func nearestKeys(keys []string, key string) (out []string) {
	shared := func(a string) (n int) {
		as, bs := strings.Split(a, "."), strings.Split(key, ".")
		for n < len(as) && n < len(bs) && as[n] == bs[n] {
			n++
		}
		return n
	}
	most := 0
	for _, k := range keys {
		most = max(most, shared(k))
	}
	slices.Sort(keys)
	for _, k := range keys {
		if shared(k) == most && len(out) < 3 {
			out = append(out, k)
		}
	}
	return out
}

// path looks at a path into the repository.
func (d *docBlock) path(n parser.Node, target string) {
	if d.Entry(target) != repo.NoEntry || d.Ignored(target) || d.shows(target) || isPlaceholder(strings.FieldsFunc(target, func(c rune) bool { return c == '/' || c == '.' })) {
		return
	}
	diag := diagnostic.Diagnostic{
		File: d.file, Span: d.span(n.Span()),
		Message: fmt.Sprintf("`%s` does not exist", target),
	}
	for _, p := range d.Lookalikes(target) {
		if folder, _, _ := strings.Cut(target, "/"); strings.HasPrefix(p, folder+"/") && diag.Help == "" {
			diag.Help = fmt.Sprintf("there is `%s`", p)
		}
	}
	if dir := path.Dir(target); diag.Help == "" && (dir == "." || d.Entry(dir) != repo.DirEntry) {
		return
	}
	d.Report(diag)
}

// shows reports whether the page has what shall stand in a file, or in a folder: a comment
// in its code names it.
func (d *docBlock) shows(target string) bool {
	for rest := d.page; ; {
		i := strings.Index(rest, target)
		if i < 0 {
			return false
		}
		before, after := rest[strings.LastIndexByte(rest[:i], '\n')+1:i], rest[i+len(target):]
		if strings.HasPrefix(strings.TrimSpace(before), "#") && !strings.HasSuffix(before, "/") && (after == "" || strings.IndexByte("/: \n\r", after[0]) >= 0) {
			return true
		}
		rest = after
	}
}

// isPlaceholder reports whether one of some names is of the kind that examples
// use.
func isPlaceholder(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		switch name = strings.ToLower(name); name {
		case "category", "feature", "module", "name", "foo", "bar", "baz", "example", "something", "custom", "x", "y", "z", "host", "hostname",
			"user", "username", "file", "program", "service", "option", "category1", "subcategory", "template", "test", "hello":
			return true
		}
		for _, part := range []string{"my", "new", "your", "some", "other", "another", "example"} {
			if strings.HasPrefix(name, part) {
				return true
			}
		}
		return false
	})
}
