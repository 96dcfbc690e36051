package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/flake"
	"github.com/nixlint/nixlint/analysis/repo"
)

var lockStale = &Rule{
	Name:     "lock-stale",
	Group:    "flake",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "flake.lock was made for another flake.nix",
	Why: "`flake.lock`" + ` says for each input what ` + "`flake.nix`" + ` asked for when it was locked. If the two differ, as after an edit
of a URL, a branch or a ` + "`follows`" + `, Nix locks the input anew whenever it evaluates the flake, and refuses where the lock
file must not change. Run ` + "`nix flake lock`" + ` and commit the file.

References are compared by what they mean: ` + "`github:NixOS/nixpkgs/nixos-unstable` is `github:NixOS/nixpkgs?ref=nixos-unstable`" + `.
Paths are not compared.`,
	Bad:  "-- flake.nix --\n{\n  inputs.disko.url = \"github:nix-community/disko/v1.11.0\";\n" + exampleUse + "}\n-- flake.lock --\n" + exampleLock,
	Good: "-- flake.nix --\n{\n  inputs.disko.url = \"github:nix-community/disko\";\n" + exampleUse + "}\n-- flake.lock --\n" + exampleLock,
	Repo: func(r *Repo) {
		f := r.Model.Flake()
		if f == nil || f.Lock == nil {
			return
		}
		for _, in := range f.Inputs {
			r.staleInput(f, f.Lock.Root, in)
		}
	},
}

// staleInput compares what is declared of an input with what is locked as the
// input of a node.
func (r *Repo) staleInput(f *repo.Flake, of *flake.Node, in *repo.FlakeInput) {
	locked, ok := of.Inputs[in.Name]
	if !ok || len(in.Follows) > 0 && !f.Has(in.Follows[0]) {
		return // rules of their own speak of these
	}
	if at, message := staleness(f.Lock, locked, in); message != "" {
		if at.IsValid() {
			r.Report(diagnostic.Diagnostic{
				File: r.Model.Rel(at.File), Span: at.Span(), Message: message, Help: "run `nix flake lock`",
			})
		}
		return
	}
	if n := f.Lock.Nodes[locked.Node]; n != nil {
		for _, sub := range in.Inputs {
			r.staleInput(f, n, sub)
		}
	}
}

// staleness says how what is declared of an input differs from what is locked,
// and where that stands; the message is empty if it does not.
func staleness(l *flake.Lock, locked flake.LockedInput, in *repo.FlakeInput) (at eval.Place, message string) {
	n := l.Nodes[locked.Node]
	switch {
	case in.Follows != nil && n != nil:
		return in.FollowsAt, fmt.Sprintf("in flake.lock, `%s` does not follow `%s`", in.Name, strings.Join(in.Follows, "/"))
	case in.Follows != nil && !slices.Equal(in.Follows, locked.Follows):
		return in.FollowsAt, fmt.Sprintf("in flake.lock, `%s` follows `%s`", in.Name, strings.Join(locked.Follows, "/"))
	case in.Follows != nil || in.Ref == nil:
		return eval.Place{}, ""
	case n == nil:
		return in.RefAt, fmt.Sprintf("in flake.lock, `%s` follows `%s`", in.Name, strings.Join(locked.Follows, "/"))
	case len(n.Original) > 0 && !in.Ref.SameAs(n.Original):
		return in.RefAt, fmt.Sprintf("flake.lock was made for `%s`", n.Original)
	case in.IsFlake != n.IsFlake && in.IsFlake:
		return in.At, fmt.Sprintf("in flake.lock, `%s` has `flake = false`", in.Name)
	case in.IsFlake != n.IsFlake:
		return in.At, fmt.Sprintf("in flake.lock, `%s` has no `flake = false`", in.Name)
	}
	return eval.Place{}, ""
}
