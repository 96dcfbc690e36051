package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/flake"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var followsUnknown = &Rule{
	Name:     "follows-unknown",
	Group:    "flake",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an input follows one that does not exist",
	Why: "`inputs.disko.inputs.nixpkgs.follows = \"nixpkgs\"`" + ` gives ` + "`disko`" + ` the ` + "`nixpkgs`" + ` of this flake. If there is no input of that
name, Nix cannot lock the flake. The way to an input of an input, ` + "`\"disko/nixpkgs\"`" + `, is looked up in ` + "`flake.lock`" + `.

Saying what an input of an input follows, when the input has none of that name, is a warning: Nix goes on, and what was
meant to be shared is not. Inputs that are not locked, or whose lock is stale, are not judged.`,
	Bad: "-- flake.nix --\n{\n  inputs = {\n    nixpkgs.url = \"github:NixOS/nixpkgs\";\n    disko.url = \"github:nix-community/disko\";\n" +
		"    disko.inputs.nixpkgs.follows = \"nixpgks\";\n  };\n" + exampleUse + "}\n",
	Good: "-- flake.nix --\n{\n  inputs = {\n    nixpkgs.url = \"github:NixOS/nixpkgs\";\n    disko.url = \"github:nix-community/disko\";\n" +
		"    disko.inputs.nixpkgs.follows = \"nixpkgs\";\n  };\n" + exampleUse + "}\n",
	Fix: SometimesFix,
	Repo: func(r *Repo) {
		f := r.Model.Flake()
		if f == nil {
			return
		}
		for _, in := range f.Inputs {
			r.followed(f, in)
			r.unknownOverrides(f, in)
		}
	},
}

// followed looks at what an input, and the inputs of it, follow.
func (r *Repo) followed(f *repo.Flake, in *repo.FlakeInput) {
	for _, sub := range in.Inputs {
		r.followed(f, sub)
	}
	if !in.FollowsAt.IsValid() || len(in.Follows) == 0 {
		return
	}
	declared, formals := f.Names()
	names, way := slices.Concat(declared, formals), in.Follows
	i := 0
	for ; i < len(way) && slices.Contains(names, way[i]); i++ {
		if i+1 < len(way) {
			n := lockedInput(f, way[:i+1]...)
			if n == nil {
				return
			}
			names = slices.Sorted(maps.Keys(n.Inputs))
		}
	}
	if i == len(way) {
		return
	}
	d := diagnostic.Diagnostic{File: r.Model.Rel(in.FollowsAt.File), Span: in.FollowsAt.Span()}
	if i == 0 {
		d.Message = fmt.Sprintf("`%s` follows `%s`, which is no input of this flake", in.Name, way[0])
	} else {
		d.Message = fmt.Sprintf("`%s` follows `%s`, but `%s` has no input `%s`", in.Name, strings.Join(way, "/"), strings.Join(way[:i], "/"), way[i])
	}
	near := repo.Nearest(way[i], names)
	if near == "" || f.Input(near) == in {
		r.Report(d)
		return
	}
	right := slices.Clone(way)
	right[i] = near
	text := strings.Join(right, "/")
	d.Help = fmt.Sprintf("did you mean `%s`?", text)
	if n := in.FollowsAt.Syntax(); n.Is(parser.KindString) {
		d.Fix = &diagnostic.Fix{
			Title: fmt.Sprintf("follow `%s`", text),
			Edits: []diagnostic.Edit{{File: d.File, Span: d.Span, Text: `"` + text + `"`}},
		}
	}
	r.Report(d)
}

// unknownOverrides looks for inputs of an input that it does not have.
func (r *Repo) unknownOverrides(f *repo.Flake, in *repo.FlakeInput) {
	n := lockedInput(f, in.Name)
	if n == nil || !n.IsFlake {
		return
	}
	for _, sub := range in.Inputs {
		if _, ok := n.Inputs[sub.Name]; ok || !sub.At.IsValid() {
			continue
		}
		d := diagnostic.Diagnostic{
			File: r.Model.Rel(sub.At.File), Span: sub.At.Span(), Severity: diagnostic.Warning,
			Message: fmt.Sprintf("`%s` has no input `%s`", in.Name, sub.Name),
		}
		names := slices.Sorted(maps.Keys(n.Inputs))
		switch near := repo.Nearest(sub.Name, names); {
		case near != "" && in.Input(near) == nil:
			d.Help = fmt.Sprintf("did you mean `%s`?", near)
			d.Fix = &diagnostic.Fix{
				Title: fmt.Sprintf("replace `%s` by `%s`", sub.Name, near),
				Edits: []diagnostic.Edit{{File: d.File, Span: d.Span, Text: near}},
			}
		case len(names) == 0:
			d.Help = "it has no inputs at all"
		case len(names) <= 12:
			d.Help = fmt.Sprintf("it has `%s`", strings.Join(names, "`, `"))
		}
		r.Report(d)
	}
}

// lockedInput returns what is locked for an input, or for an input of one, if
// that is not out of date.
func lockedInput(f *repo.Flake, way ...string) *flake.Node {
	if f.Lock == nil {
		return nil
	}
	declared, of := f.Input(way[0]), f.Lock.Root
	for _, name := range way[1:] {
		if declared == nil {
			break
		}
		if at, stale := staleness(f.Lock, of.Inputs[declared.Name], declared); at.IsValid() || stale != "" {
			return nil
		}
		if of = f.Lock.Input(of, declared.Name); of == nil {
			return nil
		}
		declared = declared.Input(name)
	}
	if declared != nil {
		locked, ok := of.Inputs[declared.Name]
		if _, stale := staleness(f.Lock, locked, declared); !ok || stale != "" {
			return nil
		}
	}
	return f.Lock.Find(way...)
}
