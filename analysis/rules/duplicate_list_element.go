package rules

import (
	"fmt"
	"slices"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var duplicateListElement = &Rule{
	Name:     "duplicate-list-element",
	Group:    "modules",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "a list of packages, groups, ports or kernel modules has the same element twice",
	Why: `In options such as ` + "`environment.systemPackages`, `extraGroups` and `allowedTCPPorts`" + ` an element counts once, however often
it is given. The second one is left over from a merge, or was meant to be another.

Only lists in which neither order nor number mean anything are looked at: arguments of programs, for example, may well repeat.`,
	Bad:   "{ pkgs, ... }:\n{\n  environment.systemPackages = with pkgs; [\n    git\n    htop\n    git\n  ];\n}\n",
	Good:  "{ pkgs, ... }:\n{\n  environment.systemPackages = with pkgs; [\n    git\n    htop\n  ];\n}\n",
	Fix:   UnsafeFix,
	Kinds: []parser.Kind{parser.KindList},
	Node: func(f *File, n parser.Node) {
		if !slices.Contains(setLikeOptions, repo.BoundAs(n)) {
			return
		}
		f.repeats(n, func(e parser.Node) (repeat, bool) {
			key, name := elementKey(e)
			return repeat{
				key: key, name: name, message: "is in this list twice", first: "it is in the list here", fix: "remove the second one",
			}, key != ""
		})
	},
}

// repeat is how an element of a list is reported that is there before.
type repeat struct {
	key     string // what tells it from other elements
	name    string
	message string // about it, behind its name
	first   string // about the one before
	fix     string // the title of the fix that removes it
	safe    bool   // whether that certainly changes nothing
}

// repeats reports the elements of a list that are there before. What describe
// does not know, it leaves out.
func (f *File) repeats(list parser.Node, describe func(e parser.Node) (r repeat, ok bool)) {
	if list.ChildCount() < 2 {
		return
	}
	first := make(map[string]parser.Node)
	for e := range list.Children() {
		r, ok := describe(parser.Unparen(e))
		if !ok {
			continue
		}
		before, again := first[r.key]
		if !again {
			first[r.key] = e
			continue
		}
		d := diagnostic.Diagnostic{
			Span: e.Span(), Tags: diagnostic.Unnecessary, Message: fmt.Sprintf("`%s` %s", r.name, r.message),
			Related: []diagnostic.Related{{Span: before.Span(), Message: r.first}},
		}
		if _, trailing := e.TrailingComment(); !trailing && !e.HasComments() {
			d.Fix = fix(r.fix, r.safe, edit.Remove(f.Text, e.Span()))
		}
		f.Report(d)
	}
}

// setLikeOptions are the last names of options that take sets written as
// lists.
var setLikeOptions = []string{
	"systemPackages", "packages", "buildInputs", "nativeBuildInputs", "propagatedBuildInputs", "runtimeInputs", "extraGroups",
	"kernelModules", "availableKernelModules", "blacklistedKernelModules", "extraModulePackages", "kernelParams",
	"supportedFilesystems", "allowedTCPPorts", "allowedUDPPorts", "trustedInterfaces", "experimental-features",
	"substituters", "trusted-substituters", "trusted-public-keys", "trusted-users", "allowed-users", "supportedLocales",
	"extraPortals", "permittedInsecurePackages", "systemCronJobs",
}

// elementKey returns what tells an element of a list from others, and a name
// for it; both are empty for what is not written out.
func elementKey(e parser.Node) (key, name string) {
	switch e.Kind() {
	case parser.KindInt, parser.KindIdent:
		return e.Text(), e.Text()
	case parser.KindString:
		if value, ok := (parser.String{Node: e}).Static(); ok {
			return `"` + value, value
		}
	case parser.KindSelect:
		s := parser.Select{Node: e}
		if _, ok := s.Path().Static(); ok && !s.Default().IsValid() && parser.Unparen(s.Expr()).Is(parser.KindIdent) {
			return e.Text(), e.Text()
		}
	}
	return "", ""
}
