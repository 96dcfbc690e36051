package rules

import (
	"fmt"
	"path"
	"slices"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var importedModuleValue = &Rule{
	Name:     "imported-module-value",
	Group:    "modules",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a module is given as the value of its file instead of the file's path",
	Why: "`imports = [ (import ./x.nix) ];`" + ` hands over a set or function without its origin. The module system then cannot name
the file in its errors, cannot see that two imports are the same module (what it defines is defined twice),
and cannot disable it by its path. The path alone does all of that, in lists of modules and in outputs such as ` + "`nixosModules`" + `.

Files that get an argument of their own, as in ` + "`(import ./x.nix { inherit inputs; })`" + `, are right as they are.`,
	Bad:   "-- host.nix --\n{\n  imports = [ (import ./disks.nix) ];\n}\n-- disks.nix --\n{ lib, ... }:\n{\n  boot.supportedFilesystems = [ \"zfs\" ];\n}\n",
	Good:  "-- host.nix --\n{\n  imports = [ ./disks.nix ];\n}\n-- disks.nix --\n{ lib, ... }:\n{\n  boot.supportedFilesystems = [ \"zfs\" ];\n}\n",
	Fix:   UnsafeFix,
	Kinds: []parser.Kind{parser.KindApply},
	Node: func(f *File, n parser.Node) {
		a := parser.Apply{Node: n}
		if a.ArgCount() != 1 || f.builtinName(a.Func()) != "import" {
			return
		}
		literal := parser.Unparen(a.Arg(0))
		if !literal.Is(parser.KindPath) || !holdsModule(n) {
			return
		}
		target, ok := repo.Target(f.Path, parser.Path{Node: literal})
		if !ok {
			return
		}
		// Lists and outputs of these names may hold other things than modules.
		if module := f.Repo.File(f.Repo.ModuleFile(target)); module == nil || !looksLikeModule(module) {
			return
		}
		f.Report(diagnostic.Diagnostic{
			Span:    n.Span(),
			Message: fmt.Sprintf("the module `%s` is given as a value, which hides where it comes from", path.Base(target)),
			Help:    fmt.Sprintf("`%s` is enough", literal.Text()),
			Fix:     fix(fmt.Sprintf("replace by `%s`", literal.Text()), false, edit.ReplaceBy(n, literal)),
		})
	},
}

// moduleOutputs are the outputs by which flakes hand out modules.
var moduleOutputs = []string{"nixosModules", "homeModules", "homeManagerModules", "darwinModules"}

// holdsModule reports whether an expression is an element of a list of modules
// or one of the modules that a flake hands out.
func holdsModule(n parser.Node) bool {
	p := parser.WithParens(n).Parent()
	switch p.Kind() {
	case parser.KindList:
		return repo.IsModuleList(p)
	case parser.KindBinding:
		path := symbol.BindingPath(p)
		return len(path) > 1 && slices.Contains(moduleOutputs, path[len(path)-2])
	}
	return false
}
