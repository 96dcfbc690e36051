package lsp

import (
	"strings"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

const flakeFile = "flake.nix"

// The attributes of flake.nix, and those of an input in it.
var (
	flakeAttributes = []struct{ name, detail string }{
		{"description", "what the flake is, in a line"}, {"inputs", "what the flake needs"},
		{"outputs", "what the flake has, as a function of its inputs"}, {"nixConfig", "settings of Nix for the flake"},
	}
	inputAttributes = []struct{ name, detail string }{
		{"url", "where the input is fetched from"}, {"follows", "the input that stands for this one"},
		{"flake", "false for sources that are no flake"}, {"inputs", "what the input needs"},
	}
	// referenceAttributes are those of a reference that is written as a set, instead of as a URL.
	referenceAttributes = []struct{ name, detail string }{
		{"type", "github, git, path and the like"}, {"owner", "whose repository it is, on a forge"},
		{"repo", "the repository, on a forge"}, {"host", "the forge, if it is none of the well-known ones"},
		{"ref", "the branch or tag"}, {"rev", "the commit"}, {"dir", "the folder of the flake in it"},
		{"path", "the folder, for the type path"}, {"id", "the name in the registry of flakes, for the type indirect"},
		{"narHash", "the hash of the contents"}, {"submodules", "whether those of git are fetched"},
		{"shallow", "whether the history of git is left out"}, {"lfs", "whether large files of git are fetched"},
	}
)

// flakeAttributes proposes the attributes of flake.nix. It reports whether the cursor is in a
// part of it that has a fixed form.
func (c *completion) flakeAttributes() bool {
	if c.path != flakeFile {
		return false
	}
	at := below(c.cursor.Set, c.cursor.Before...)
	switch {
	case len(at) == 0 && c.isOutermost():
		for _, a := range flakeAttributes {
			c.add(a.name, a.detail, protocol.CompletionItemKindProperty, rankFirst)
		}
		return true
	case len(at) == 0 || at[0] != "inputs":
		return c.outputAttributes()
	}
	in := c.folder.inputs.of(c.Repo)
	way := symbol.InputWay(at)
	if 2*len(way) == len(at) {
		for _, a := range inputAttributes {
			c.add(a.name, a.detail, protocol.CompletionItemKindProperty, rankFirst)
		}
		for _, a := range referenceAttributes {
			c.add(a.name, a.detail, protocol.CompletionItemKindProperty, rankForeign)
		}
		return true
	}
	for _, name := range in.NamesOf(way...) {
		if one := in.Find(below(way, name)...); one == nil || !one.IsDeclared() {
			c.add(name, "an input", protocol.CompletionItemKindModule, rankMember)
		}
	}
	return true
}

// isOutermost reports whether the set around the cursor is the file's own.
func (c *completion) isOutermost() bool {
	return c.cursor.Braces.IsValid() && parser.Unparen(c.tree().Expr()) == c.cursor.Braces
}

// outputAttributes proposes the names of outputs in the set that the outputs return.
func (c *completion) outputAttributes() bool {
	in := c.folder.inputs.of(c.Repo)
	if in == nil || !in.Returns(c.cursor.Braces) || len(c.cursor.Before) > 0 {
		return false
	}
	for _, name := range rules.FlakeOutputs() {
		c.add(name, "an output", protocol.CompletionItemKindProperty, rankMember)
	}
	return true
}

// inputNames proposes the inputs of the flake.
func (c *completion) inputNames() {
	in := c.folder.inputs.of(c.Repo)
	if in == nil {
		return
	}
	for _, name := range in.Names() {
		c.add(name, c.inputDetail(in, name), protocol.CompletionItemKindModule, rankMember)
	}
	c.add("self", "the flake itself", protocol.CompletionItemKindModule, rankMember)
}

func (c *completion) inputDetail(in *symbol.Inputs, way ...string) string {
	if one := in.Find(way...); one != nil && one.URLOf() != "" {
		return one.URLOf()
	}
	if in.Lock != nil {
		if n := in.Lock.Find(way...); n != nil {
			return n.Original.String()
		}
	}
	return "an input"
}

// perSystemArguments are what flake-parts gives to `perSystem`.
var perSystemArguments = []string{"config", "final", "inputs'", "lib", "options", "pkgs", "self'", "system"}

// perSystemFormals proposes what flake-parts gives. It reports whether the cursor is in the
// pattern of a function that is bound to perSystem.
func (c *completion) perSystemFormals() bool {
	for n := range c.tree().NodeAt(max(c.at, 1) - 1).Ancestors() {
		if !n.Is(parser.KindLambda) {
			continue
		}
		if repo.BoundAs(n) != "perSystem" {
			return false
		}
		for _, name := range perSystemArguments {
			c.add(name, "of flake-parts", protocol.CompletionItemKindVariable, rankMember)
		}
		return true
	}
	return false
}

// flakeFormals proposes the inputs of the flake as formals of its outputs. It reports whether
// the cursor is there.
func (c *completion) flakeFormals() bool {
	in := c.folder.inputs.of(c.Repo)
	if c.path != flakeFile || in == nil || !in.HasFormalsAt(c.at) {
		return false
	}
	for _, name := range append([]string{"self"}, in.Names()...) {
		c.add(name, "an input", protocol.CompletionItemKindVariable, rankMember)
	}
	return true
}

// follows proposes the inputs that another can follow.
func (c *completion) follows() {
	value := c.cursor.Value
	if c.path != flakeFile || len(value) < 3 || value[0] != "inputs" || value[len(value)-1] != "follows" {
		return
	}
	in := c.folder.inputs.of(c.Repo)
	own := symbol.InputWay(value)
	for _, name := range in.Names() {
		if name == own[0] && len(own) == 1 {
			continue
		}
		r := rankMember
		if name == own[len(own)-1] {
			r = rankValue // an input of the same name is what is nearly always meant
		}
		c.add(name, c.inputDetail(in, name), protocol.CompletionItemKindModule, r)
		for _, sub := range in.NamesOf(name) {
			if name != own[0] {
				c.add(strings.Join([]string{name, sub}, "/"), c.inputDetail(in, name, sub), protocol.CompletionItemKindModule, rankForeign)
			}
		}
	}
}
