package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var metaAttributeUnknown = &Rule{
	Name:     "meta-attribute-unknown",
	Group:    "meta",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a module reads an attribute that an argument such as `meta` does not have",
	Why: `A builder of hosts hands facts about the host to its modules, often as ` + "`meta`" + ` in ` + "`specialArgs`" + `. An attribute that the
set does not have stops the evaluation of every host that imports the module. nixlint looks at the very set that each
host hands over, whatever it is called and however it is made; the rule is silent if it is not known as a whole.

An attribute that is read only under conditions that are not known is a warning, and none if the set of some other host has it. Reading with
a default, ` + "`meta.gpu or null`, and asking with `meta ? gpu`" + ` are fine.`,
	Bad: "-- flake.nix --\n" + exampleMeta + "-- host.nix --\n{ meta, ... }:\n{\n" +
		"  networking.hostName = meta.hostnam;\n}\n",
	Good: "-- flake.nix --\n" + exampleMeta + "-- host.nix --\n{ meta, ... }:\n{\n" +
		"  networking.hostName = meta.hostname;\n}\n",
	Fix:  SometimesFix,
	Host: unknownAttributes.look,
	Repo: func(r *Repo) {
		for on := range unknownAttributes.each(r) {
			for _, u := range on.found {
				u.report(r)
			}
		}
	},
}

// attributesOnHost are the attributes that the modules of a host read of arguments and
// that are not there, and the places where they read one that is.
type attributesOnHost struct {
	found []unknownAttribute
	known map[place]bool
}

var unknownAttributes = &perHost[attributesOnHost]{func(r *Repo) attributesOnHost {
	out := attributesOnHost{known: make(map[place]bool)}
	for _, h := range r.Model.Hosts {
		for _, e := range h.Evaluations() {
			registries := make(map[*eval.Attrs]bool)
			for _, reg := range r.Model.Registries(e) {
				registries[reg.Set] = true
			}
			for _, fn := range e.Functions {
				out.found = append(out.found, r.unknownAttributes(e, fn, registries, out.known)...)
			}
		}
	}
	return out
}}

// exampleMeta is the smallest flake with facts about its host.
const exampleMeta = `{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.host = nixpkgs.lib.nixosSystem {
      specialArgs.meta = { hostname = "host"; users = [ ]; };
      modules = [ ./host.nix ];
    };
  };
}
`

// unknownAttribute is an attribute that a module reads from an argument and
// that the argument does not have.
type unknownAttribute struct {
	file    *repo.File
	name    parser.Node // where it is read
	set     *eval.Attrs
	path    string // of the set: `meta`, `meta.users`
	given   eval.Place
	certain bool // it is read whenever the module is evaluated
}

// unknownAttributes looks at what a module reads of the arguments of an
// evaluation. Attributes that are there are noted in known.
func (r *Repo) unknownAttributes(e *repo.Evaluation, fn *repo.Function, registries map[*eval.Attrs]bool, known map[place]bool) (out []unknownAttribute) {
	formals, _, _ := fn.Lambda.Formals()
	for _, formal := range formals {
		arg := e.Args.Get(formal.Name)
		file := r.File(r.Model.Rel(formal.At.File))
		if arg == nil || file == nil || repo.IsCommonArgument(formal.Name) {
			continue
		}
		set, ok := knownSet(e.Evaluator(), arg.Value)
		if !ok || registries[set] {
			continue
		}
		names := r.Names(file)
		d := names.DefinitionAt(nameOf(formal.At))
		if d == scope.None {
			continue
		}
		for u := range names.UsesOf(d) {
			use := names.Tree().Node(names.Uses()[u].Node)
			for _, path := range readPaths(use) {
				set, text := set, formal.Name
				for _, name := range path {
					key, static := parser.StaticName(name)
					if !static {
						break
					}
					at := place{file.Path, name.Span()}
					a := set.Get(key)
					if a == nil {
						use := r.needsOf(file, e, fn).of(name)
						if use != neverNeeded && !asksWhether(names, d, key) {
							out = append(out, unknownAttribute{file, name, set, text, arg.At, fn.Certain && use == alwaysNeeded})
						}
						break
					}
					known[at] = true
					if set, ok = knownSet(e.Evaluator(), a.Value); !ok {
						break
					}
					text += "." + key
				}
			}
		}
	}
	return out
}

// knownSet returns the set that a thunk is, if all its attributes are known
// and it is no more than a set.
func knownSet(ev *eval.Evaluator, t *eval.Thunk) (*eval.Attrs, bool) {
	set, ok := ev.Force(t).(*eval.Attrs)
	if !ok || set.Rest != nil || set.Get("outPath") != nil || set.Get("_type") != nil {
		return nil, false
	}
	return set, true
}

// readPaths returns the names that are read from a variable: those of
// `x.a.b`, or each of `inherit (x) a b;`.
func readPaths(use parser.Node) (out [][]parser.Node) {
	outer := parser.WithParens(use)
	switch p := outer.Parent(); p.Kind() {
	case parser.KindSelect:
		s := parser.Select{Node: p}
		if s.Expr() != outer || s.Default().IsValid() {
			return nil
		}
		var path []parser.Node
		for name := range s.Path().Children() {
			path = append(path, name)
		}
		out = append(out, path)
	case parser.KindInheritFrom:
		for name := range (parser.Inherit{Node: p.Parent()}).Names() {
			out = append(out, []parser.Node{name})
		}
	}
	return out
}

// asksWhether reports whether a file asks somewhere whether a set has an attribute.
func asksWhether(names *scope.Names, d scope.DefID, key string) bool {
	for u := range names.UsesOf(d) {
		n := names.Tree().Node(names.Uses()[u].Node)
		for n.Parent().Is(parser.KindParen) || n.Parent().Is(parser.KindSelect) {
			n = n.Parent()
		}
		if p := n.Parent(); p.Is(parser.KindHasAttr) && strings.Contains(parser.HasAttr{Node: p}.Path().Text(), key) {
			return true
		}
		if p := n.Parent(); p.Is(parser.KindApply) && strings.Contains(p.Text(), "hasAttr") {
			return true
		}
	}
	return false
}

func (u unknownAttribute) report(r *Repo) {
	key, _ := parser.StaticName(u.name)
	d := diagnostic.Diagnostic{
		File: u.file.Path, Span: u.name.Span(),
		Message: fmt.Sprintf("`%s` has no attribute `%s`", u.path, key),
		Related: r.related(u.given, "it is given to the modules here"),
	}
	if !u.certain {
		at := place{d.File, d.Span}
		if unknownAttributes.any(r, func(on attributesOnHost) bool { return on.known[at] }) {
			return
		}
		d.Severity = diagnostic.Warning
	}
	near := repo.Nearest(key, u.set.Names())
	switch {
	case near != "" && u.name.Is(parser.KindName) && u.name.Parent().Is(parser.KindAttrPath):
		d.Help = fmt.Sprintf("did you mean `%s`?", near)
		d.Fix = &diagnostic.Fix{
			Title: fmt.Sprintf("replace `%s` by `%s`", key, near),
			Edits: []diagnostic.Edit{{File: d.File, Span: d.Span, Text: near}},
		}
	case near != "":
		d.Help = fmt.Sprintf("did you mean `%s`?", near)
	case len(u.set.Entries) > 0 && len(u.set.Entries) <= 12:
		d.Help = fmt.Sprintf("it has `%s`", strings.Join(u.set.Names(), "`, `"))
	}
	r.Report(d)
}
