package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// FileKind is what a Nix file is for, as far as its form tells.
type FileKind uint8

// The kinds of files.
const (
	Library     FileKind = iota + 1 // anything else
	Flake                           // flake.nix
	NixOSModule                     // a module, unless it is known to be one for home-manager
	HomeModule                      // a home-manager module
	Package                         // a function that callPackage calls
	Overlay                         // `final: prev: { … }`
	Hardware                        // what nixos-generate-config writes
	Data                            // a set, list or other value that is no function
)

// IsModule reports whether a file is evaluated by the module system.
func (k FileKind) IsModule() bool { return k == NixOSModule || k == HomeModule || k == Hardware }

// KindOf tells what a file is for by its path and its form.
func KindOf(file string, t *parser.Tree) FileKind {
	base := path.Base(file)
	if base == "flake.nix" {
		return Flake
	}
	value := parser.Unparen(t.Expr())
	if !value.Is(parser.KindLambda) {
		body := resultOf(value)
		switch {
		case !body.Is(parser.KindAttrSet):
			return Data
		case hasModuleKey(body):
			return moduleKind(file, nil, body)
		}
		return Data
	}
	l := parser.Lambda{Node: value}
	p, ok := l.Pattern()
	if !ok {
		if inner := parser.Unparen(l.Body()); inner.Is(parser.KindLambda) && isOverlay(l, parser.Lambda{Node: inner}) {
			return Overlay
		}
		return Library
	}
	body := resultOf(l.Body())
	var formals []string
	for f := range p.Formals() {
		formals = append(formals, f.Name().Text())
	}
	switch {
	case base == "hardware-configuration.nix" && p.Ellipsis().IsValid():
		return Hardware
	case p.Ellipsis().IsValid() && isModuleResult(body) && (hasModuleKey(body) || hasModuleFormal(formals)):
		return moduleKind(file, formals, body)
	case !p.Ellipsis().IsValid() && body.Is(parser.KindApply):
		return Package
	}
	return Library
}

// resultOf passes over what stands before the value of a file: `let … in`,
// `with …;`, `assert …;` and parentheses.
func resultOf(n parser.Node) parser.Node {
	for {
		switch n.Kind() {
		case parser.KindParen:
			n = n.Child(0)
		case parser.KindLet:
			n = parser.Let{Node: n}.Body()
		case parser.KindWith:
			n = parser.With{Node: n}.Body()
		case parser.KindAssert:
			n = parser.Assert{Node: n}.Body()
		default:
			return n
		}
	}
}

// moduleBody returns what the module in a file is, or what it returns if it is a function.
func moduleBody(t *parser.Tree) parser.Node {
	n := parser.Unparen(t.Expr())
	if n.Is(parser.KindLambda) {
		n = resultOf(parser.Lambda{Node: n}.Body())
	}
	return n
}

// isModuleResult reports whether a function's value may be a module: a set, or
// what a function such as mkIf or mkMerge makes of one.
func isModuleResult(n parser.Node) bool {
	switch n.Kind() {
	case parser.KindAttrSet:
		return true
	case parser.KindApply:
		name := symbol.LastName(parser.Apply{Node: n}.Func())
		return strings.HasPrefix(name, "mk") && !strings.HasPrefix(name, "mkDerivation") || name == "recursiveUpdate"
	case parser.KindBinary:
		b := parser.Binary{Node: n}
		return b.Op() == parser.TokenUpdate && isModuleResult(parser.Unparen(b.Left()))
	}
	return false
}

func hasModuleFormal(formals []string) bool {
	return slices.ContainsFunc(formals, func(f string) bool { return f == "config" || f == "options" || f == "modulesPath" }) ||
		slices.Contains(formals, "pkgs") && slices.Contains(formals, "lib") || len(formals) == 1 && formals[0] == "pkgs"
}

// moduleKeys are the attributes by which a set is known as a module.
var moduleKeys = []string{
	"imports", "options", "config", "_class", "boot", "environment", "fileSystems", "hardware", "home", "networking",
	"nix", "nixpkgs", "programs", "security", "services", "system", "systemd", "users", "virtualisation", "xdg",
	"home-manager", "i18n", "time", "console", "swapDevices", "fonts", "sops", "age", "specialisation", "disko",
}

// hasModuleKey reports whether a set has an attribute that modules have.
func hasModuleKey(set parser.Node) bool {
	return anyKey(set, func(key string) bool { return slices.Contains(moduleKeys, key) })
}

// anyKey reports whether the first name of a binding of a set has a property.
func anyKey(set parser.Node, is func(string) bool) bool {
	if !set.Is(parser.KindAttrSet) {
		return false
	}
	for entry := range set.Children() {
		if entry.Is(parser.KindBinding) {
			if name := entry.Child(0).Child(0); name.Is(parser.KindName) && is(name.Text()) {
				return true
			}
		}
	}
	return false
}

// moduleKind tells home-manager modules from those of NixOS.
func moduleKind(file string, formals []string, body parser.Node) FileKind {
	if slices.Contains(formals, "osConfig") || path.Base(file) == "home.nix" ||
		anyKey(body, func(key string) bool { return key == "home" || key == "xdg" }) {
		return HomeModule
	}
	for part := range strings.SplitSeq(path.Dir(file), "/") {
		if part == "home" || part == "home-manager" || part == "homeModules" {
			return HomeModule
		}
	}
	return NixOSModule
}

// isOverlay reports whether a function of two plain arguments looks like an
// overlay.
func isOverlay(outer, inner parser.Lambda) bool {
	names := [2]string{outer.Param().Text(), inner.Param().Text()}
	for i := range names {
		names[i] = strings.TrimPrefix(names[i], "_")
	}
	switch names {
	case [2]string{"final", "prev"}, [2]string{"self", "super"}, [2]string{"", "prev"}, [2]string{"", "super"}, [2]string{"final", ""}:
		return true
	}
	return false
}

// generatedMark is what programs write at the head of the files they make.
var generatedMark = lazily(`(?i)do not (modify|edit)|generated by|automatically generated|autogenerated|@generated`)

// isGenerated reports whether the comment at the head of a file says that a
// program wrote it.
func isGenerated(text string) bool {
	head := text[:min(len(text), 1000)]
	for line := range strings.Lines(head) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "#"), strings.HasPrefix(line, "/*"), strings.HasPrefix(line, "*"):
			if generatedMark().MatchString(line) {
				return true
			}
		case line != "":
			return false
		}
	}
	return false
}
