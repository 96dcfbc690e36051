package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var flakeInputUnused = &Rule{
	Name:     "flake-input-unused",
	Group:    "flake",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "the flake declares an input that nothing uses",
	Why: `An input that nothing uses is fetched and updated for nothing, and its own inputs with it.

An input counts as used if its name stands anywhere in a Nix file of the repository but in its own declaration: as a
parameter, in ` + "`inputs.disko`" + `, in a text, in a ` + "`follows`" + ` of another input; or in a script, as in
` + "`nix run --inputs-from . disko#disko`" + `. The rule is silent about all inputs if they are
used as a whole, as in ` + "`builtins.attrValues inputs`, `inputs // { … }`" + `, or if they are handed to a function of another flake
that may look for inputs by name. Handing them to modules, to files of the repository and to flake-parts is none of these.`,
	Bad: "-- flake.nix --\n{\n  inputs.disko.url = \"github:nix-community/disko\";\n  inputs.agenix.url = \"github:ryantm/agenix\";\n" +
		exampleUse + "}\n",
	Good: "-- flake.nix --\n{\n  inputs.disko.url = \"github:nix-community/disko\";\n" + exampleUse + "}\n",
	Fix:  UnsafeFix,
	Repo: func(r *Repo) {
		if !r.only("flake.nix") {
			return
		}
		f := r.Model.Flake()
		file := r.File("flake.nix")
		if f == nil || f.Outputs == nil || f.Outputs.At().File == nil || r.Model.Rel(f.Outputs.At().File) != "flake.nix" {
			return
		}
		declared := declarations(file)
		unused := make(map[string]bool)
		for _, in := range f.Inputs {
			// Nix itself and flake-parts look for nixpkgs by its name.
			unused[in.Name] = in.Name != "nixpkgs" && in.Name != "self"
		}
		for _, in := range f.Inputs {
			forgetFollowed(in, in.Name, unused)
		}
		for _, other := range r.All() {
			var except []parser.Node
			if other == file {
				except = declared
			}
			if mentionsAny(other.Text, unused) {
				forgetMentioned(other.Tree, except, unused)
			}
		}
		if !slices.ContainsFunc(f.Inputs, func(in *repo.FlakeInput) bool { return unused[in.Name] }) || r.usesAllInputs(f) {
			return
		}
		scripts := r.scripts()
		for _, in := range f.Inputs {
			if !unused[in.Name] || !in.At.IsValid() || r.Model.Rel(in.At.File) != "flake.nix" {
				continue
			}
			if slices.ContainsFunc(scripts, func(text string) bool { return usesInput(text, in.Name) }) {
				continue
			}
			d := diagnostic.Diagnostic{
				File: "flake.nix", Span: in.At.Span(), Tags: diagnostic.Unnecessary,
				Message: fmt.Sprintf("the input `%s` is never used", in.Name),
			}
			if edits := removeInput(declared, in.Name); len(edits) > 0 {
				d.Fix = &diagnostic.Fix{Title: "remove the input", Edits: edits}
			}
			r.Report(d)
		}
	},
}

// declarations returns the bindings at the top of a flake.nix that declare
// inputs.
func declarations(file *repo.File) (out []parser.Node) {
	top := parser.Unparen(file.Tree.Expr())
	if !top.Is(parser.KindAttrSet) {
		return nil
	}
	for n := range top.Children() {
		if n.Is(parser.KindBinding) {
			if name, _ := parser.StaticName((parser.Binding{Node: n}).Path().Child(0)); name == "inputs" {
				out = append(out, n)
			}
		}
	}
	return out
}

// forgetFollowed takes out the inputs that are followed by others.
func forgetFollowed(in *repo.FlakeInput, of string, unused map[string]bool) {
	if len(in.Follows) > 0 && in.Follows[0] != of {
		unused[in.Follows[0]] = false
	}
	for _, sub := range in.Inputs {
		forgetFollowed(sub, of, unused)
	}
}

// mentionsAny reports whether a name that is still true stands in a text.
func mentionsAny(text string, names map[string]bool) bool {
	for name, open := range names {
		if open && strings.Contains(text, name) {
			return true
		}
	}
	return false
}

// forgetMentioned takes out the inputs whose names stand in a file, but for
// some nodes.
func forgetMentioned(t *parser.Tree, except []parser.Node, unused map[string]bool) {
	for i := range t.TokenCount() {
		token := t.Token(i)
		text := token.Text()
		at := token.Span()
		mention := func(name string) {
			if !slices.ContainsFunc(except, func(n parser.Node) bool { return n.Span().Covers(at) }) {
				unused[name] = false
			}
		}
		if token.Kind() == parser.TokenIdent {
			if unused[text] {
				mention(text)
			}
			continue
		}
		for name, open := range unused {
			if open && strings.Contains(text, name) {
				mention(name)
			}
		}
	}
}

// usesInput reports whether a script takes something of an input: by the name that it has
// among the inputs, or from the flake itself.
func usesInput(text, name string) bool {
	if !strings.Contains(text, "--inputs-from") {
		return containsWord(text, "inputs."+name)
	}
	return slices.ContainsFunc([]string{" ", "\"", "'", "\t"}, func(before string) bool { return strings.Contains(text, before+name+"#") })
}

// removeInput returns edits that remove the bindings that declare an input, or
// nil if they hold more than that.
func removeInput(declared []parser.Node, name string) (edits []diagnostic.Edit) {
	for _, top := range declared {
		path := parser.Binding{Node: top}.Path()
		src := top.Tree().Source()
		if path.ChildCount() > 1 {
			if second, _ := parser.StaticName(path.Child(1)); second == name {
				edits = append(edits, removeIn("flake.nix", src, top))
			}
			continue
		}
		set := parser.Unparen(parser.Binding{Node: top}.Value())
		if !set.Is(parser.KindAttrSet) {
			return nil
		}
		for n := range set.Children() {
			if !n.Is(parser.KindBinding) {
				return nil
			}
			if first, _ := parser.StaticName((parser.Binding{Node: n}).Path().Child(0)); first == name {
				edits = append(edits, removeIn("flake.nix", src, n))
			}
		}
	}
	return edits
}

// removeIn is remove for a node of the file of the given path.
func removeIn(file, src string, n parser.Node) diagnostic.Edit {
	e := edit.Remove(src, n.Span())
	e.File = file
	return e
}
