package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

var metaNotAvailable = &Rule{
	Name:     "meta-not-available",
	Group:    "meta",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a home-manager module asks for what only the system's modules get",
	Why: `Modules of home-manager are evaluated apart from those of the system and do not get its ` + "`specialArgs`" + `: what they
shall have of ` + "`meta`, `modules`" + ` and the like has to be in ` + "`home-manager.extraSpecialArgs`" + ` too. What the system knows of itself
they can read from ` + "`osConfig`" + `, for example ` + "`osConfig.networking.hostName`" + `.

The rule follows what each host hands over, whatever the arguments are called. What neither kind of module gets is
found by ` + "`argument-not-provided`" + `, with the same care about what cannot be known.`,
	Bad: "-- flake.nix --\n" + exampleHome("inherit inputs;") + "-- home.nix --\n{ meta, ... }:\n{\n" +
		"  home.sessionVariables.HOST = meta.hostname;\n}\n",
	Good: "-- flake.nix --\n" + exampleHome("inherit inputs; inherit meta;") + "-- home.nix --\n{ meta, ... }:\n{\n" +
		"  home.sessionVariables.HOST = meta.hostname;\n}\n",
	Fix:  SometimesFix,
	Host: lackingArguments.look,
	Repo: func(r *Repo) {
		r.lackingArguments(func(l lacking) bool { return l.systemHas }, func(l lacking) diagnostic.Diagnostic {
			return diagnostic.Diagnostic{
				Message: fmt.Sprintf("`%s` is given to the system's modules only, not to those of %s", l.formal.Name, ofEvaluation(l.host, l.evaluation)),
				Help:    fmt.Sprintf("add `%s` to `home-manager.extraSpecialArgs`, or read what you need from `osConfig`", l.formal.Name),
				Related: r.related(l.host.System.Args.Get(l.formal.Name).At, "the system's modules get it from here"),
				Fix:     r.inheritIntoHomes(l.host, l.formal.Name),
			}
		})
	},
}

// exampleHome is the smallest flake with a home, whose modules get the given
// arguments.
func exampleHome(args string) string {
	return `{
  outputs = inputs@{ nixpkgs, home-manager, ... }: {
    nixosConfigurations.host = let meta = { hostname = "host"; }; in nixpkgs.lib.nixosSystem {
      specialArgs = { inherit inputs meta; };
      modules = [
        home-manager.nixosModules.home-manager
        { home-manager.extraSpecialArgs = { ` + args + ` }; }
        { home-manager.users.mira = ./home.nix; }
      ];
    };
  };
  inputs.home-manager.url = "github:nix-community/home-manager";
}
`
}

// inheritIntoHomes returns the fix that adds an argument of the system's
// modules to the set that extraSpecialArgs is, if it is one and the argument is
// a variable there.
func (r *Repo) inheritIntoHomes(h *repo.Host, name string) *diagnostic.Fix {
	arg := h.System.Args.Get(name)
	defs, _ := r.Model.Definitions(h.System, "home-manager", "extraSpecialArgs")
	if !arg.At.IsValid() || len(defs) != 1 || !defs[0].At.IsValid() || defs[0].At.File != arg.At.File {
		return nil
	}
	set := valueOf(defs[0].At)
	file := r.File(r.Model.Rel(arg.At.File))
	if file == nil || !set.Is(parser.KindAttrSet) || set.ChildCount() == 0 || (parser.AttrSet{Node: set}).IsRec() {
		return nil
	}
	names := r.Names(file)
	use := scope.UseID(scope.None)
	switch n := arg.At.Syntax(); {
	case n.Parent().Is(parser.KindInherit) && !(parser.Inherit{Node: n.Parent()}).From().IsValid():
		use = names.UseAt(n)
	case valueOf(arg.At).Is(parser.KindIdent) && valueOf(arg.At).Text() == name:
		use = names.UseAt(valueOf(arg.At))
	}
	if use == scope.None || names.Uses()[use].Def == scope.None || names.Lookup(names.ScopeOf(set), name) != names.Uses()[use].Def {
		return nil
	}
	last := set.LastChild()
	space := " "
	start := last.Span().Start
	for start > 0 && (file.Text[start-1] == ' ' || file.Text[start-1] == '\t') {
		start--
	}
	if start > 0 && file.Text[start-1] == '\n' {
		space = file.Text[start-1 : last.Span().Start]
	}
	end := last.Span().End
	return &diagnostic.Fix{
		Title: fmt.Sprintf("add `%s` to `extraSpecialArgs`", name),
		Edits: []diagnostic.Edit{{File: file.Path, Span: parser.Span{Start: end, End: end}, Text: space + "inherit " + name + ";"}},
	}
}

// valueOf returns the value that is written for an attribute, if it is bound
// alone: `name = value;`.
func valueOf(at eval.Place) parser.Node {
	path := at.Syntax().Parent()
	if !path.Is(parser.KindAttrPath) || path.LastChild() != at.Syntax() || !path.Parent().Is(parser.KindBinding) {
		return parser.Node{}
	}
	return parser.Unparen(parser.Binding{Node: path.Parent()}.Value())
}
