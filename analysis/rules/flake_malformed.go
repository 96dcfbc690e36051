package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/flake"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var flakeMalformed = &Rule{
	Name:     "flake-malformed",
	Group:    "flake",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "flake.nix is not of the form that Nix wants",
	Why: `A flake is a set with ` + "`description`, `inputs`, `outputs` and `nixConfig`" + `, and Nix refuses one with other attributes or without
` + "`outputs`" + `. An input is a set that says what it is by ` + "`url`" + `, by the attributes of a reference such as ` + "`type` and `owner`" + `, or by
` + "`follows`" + `. What else it has is taken for a part of the reference, and refused, or ignored, so that the input is looked up in the registry.

A URL is found if its scheme is nearly one that Nix knows, or if that of a forge does not name an owner and a repository.`,
	Bad: "-- flake.nix --\n{\n  inputs.disko.ulr = \"github:nix-community/disko\";\n" +
		"  outputs = { disko, ... }: { inherit (disko) lib; };\n}\n",
	Good: "-- flake.nix --\n{\n  inputs.disko.url = \"github:nix-community/disko\";\n" +
		"  outputs = { disko, ... }: { inherit (disko) lib; };\n}\n",
	Fix: SometimesFix,
	File: func(f *File) {
		if path.Base(f.Path) != "flake.nix" || repo.IsExcused(f.Path) {
			return
		}
		root := parser.Unparen(f.Tree.Expr())
		if !root.Is(parser.KindAttrSet) {
			return
		}
		hasOutputs, whole := false, true
		for entry := range root.Children() {
			if !entry.Is(parser.KindBinding) {
				whole = false // what is inherited may be anything
				continue
			}
			b := parser.Binding{Node: entry}
			first := b.Path().Child(0)
			name, ok := parser.StaticName(first)
			switch {
			case !ok:
				whole = false
			case name == "outputs":
				hasOutputs = true
			case name == "inputs":
				f.flakeInputs(slices.Collect(b.Path().Children())[1:], b.Value(), false)
			case !slices.Contains(flakeAttributes, name):
				f.strangeInFlake(first, name, flakeAttributes, fmt.Sprintf("a flake has no attribute `%s`", name))
				near := repo.Nearest(name, flakeAttributes)
				hasOutputs = hasOutputs || near == "outputs" // one finding is enough
			}
		}
		if open := (parser.AttrSet{Node: root}).Open(); !hasOutputs && whole && open.IsValid() {
			f.Report(diagnostic.Diagnostic{Span: open.Span(), Message: "the flake has no `outputs`", Help: "add `outputs = inputs: { … };`"})
		}
	},
}

// flakeAttributes are what Nix allows in flake.nix: src/libflake/flake.cc, and what older
// versions allowed.
var flakeAttributes = []string{"description", "edition", "inputs", "outputs", "nixConfig"}

// inputAttributes are what an input may have: its own attributes, and those of
// references of all kinds.
var inputAttributes = []string{
	"url", "inputs", "follows", "flake", "type", "id", "owner", "repo", "ref", "rev", "host", "dir", "path", "narHash", "lastModified", "lastModifiedDate",
	"submodules", "shallow", "revCount", "allRefs", "lfs", "name", "unpack", "exportIgnore", "verifyCommit", "publicKey", "publicKeys", "keytype",
	"treeHash", "shortRev", "dirtyRev", "dirtyShortRev", "parent", "buildTime", "__final",
}

// flakeInputs looks at the value at a path below `inputs`, or below an input if one is
// set.
func (f *File) flakeInputs(names []parser.Node, value parser.Node, input bool) {
	for i, node := range names {
		name, ok := parser.StaticName(node)
		if !ok {
			return
		}
		if !input {
			input = true
			continue
		}
		switch {
		case name == "inputs":
			input = false
		case !slices.Contains(inputAttributes, name):
			f.strangeInFlake(node, name, inputAttributes, fmt.Sprintf("an input has no attribute `%s`", name))
			return
		default:
			if i == len(names)-1 && name == "url" {
				f.flakeURL(value)
			}
			return
		}
	}
	switch value = parser.Unparen(value); value.Kind() {
	case parser.KindAttrSet:
		for entry := range value.Children() {
			if entry.Is(parser.KindBinding) {
				b := parser.Binding{Node: entry}
				f.flakeInputs(slices.Collect(b.Path().Children()), b.Value(), input)
			}
		}
	case parser.KindString:
		if input {
			f.Report(diagnostic.Diagnostic{
				Span: value.Span(), Message: "an input is a set, not a string", Help: "write `.url = ` before it",
			})
		}
	}
}

// strangeInFlake reports a name that is nearly one of those allowed. Of the others it is
// not known whether a newer Nix allows them, but for the flake itself.
func (f *File) strangeInFlake(node parser.Node, name string, allowed []string, message string) {
	d := diagnostic.Diagnostic{Span: node.Span(), Message: message}
	near := repo.Nearest(name, allowed)
	switch {
	case near != "":
		d.Help = fmt.Sprintf("did you mean `%s`?", near)
		d.Fix = fix(fmt.Sprintf("replace `%s` by `%s`", name, near), false, diagnostic.Edit{Span: node.Span(), Text: near})
	case slices.Contains(allowed, "outputs"):
		d.Help = "put it into `outputs`"
		d.Severity = diagnostic.Warning
	default:
		return
	}
	f.Report(d)
}

// schemes are those of references to flakes.
var schemes = []string{
	"github", "gitlab", "sourcehut", "git", "git+https", "git+http", "git+ssh", "git+file", "path", "flake", "http", "https", "file",
	"tarball+https", "tarball+http", "tarball+file", "file+https", "file+http", "file+file", "hg+https", "hg+http", "hg+ssh", "hg+file", "hg",
}

var (
	schemeOf  = lazily(`^([a-z][a-z+]*):`)
	forgePath = lazily(`^(github|gitlab|sourcehut):[^/?#]+/[^/?#]`)
)

// flakeURL looks at the text that an input is given by.
func (f *File) flakeURL(value parser.Node) {
	value = parser.Unparen(value)
	if !value.Is(parser.KindString) {
		return
	}
	text, static := parser.String{Node: value}.Static()
	m := schemeOf().FindStringSubmatch(text)
	if !static || m == nil {
		return
	}
	if _, ok := flake.ParseRef(text); ok && slices.Contains(schemes, m[1]) {
		return
	}
	d := diagnostic.Diagnostic{Span: value.Span()}
	switch near := repo.Nearest(m[1], schemes); {
	case slices.Contains(schemes, m[1]):
		if m[1] != "github" && m[1] != "gitlab" && m[1] != "sourcehut" || forgePath().MatchString(text) {
			return
		}
		d.Message = fmt.Sprintf("`%s` does not name an owner and a repository", text)
		d.Help = fmt.Sprintf("write `%s:OWNER/REPOSITORY`", m[1])
	case near != "" && repo.EditDistance(m[1], near) <= 2:
		d.Message = fmt.Sprintf("`%s` is no scheme of a reference to a flake", m[1])
		d.Help = fmt.Sprintf("did you mean `%s`?", near)
		text := `"` + near + strings.TrimPrefix(text, m[1]) + `"`
		d.Fix = fix(fmt.Sprintf("replace by `%s`", near), false, diagnostic.Edit{Span: value.Span(), Text: text})
	default:
		return
	}
	f.Report(d)
}
