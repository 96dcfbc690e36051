package rules

import (
	"fmt"
	"slices"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var systemUnknown = &Rule{
	Name:     "system-unknown",
	Group:    "flake",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "the name of a system is misspelt",
	Why: `Nix names systems by processor and kernel, as in ` + "`x86_64-linux`" + `: with an underscore in the processor's name and a hyphen before that
of the kernel. nixpkgs refuses a name that it does not know, and outputs for one are never used.

Found are strings in lists of systems, and values of options and arguments for systems, that are nearly the name of one.`,
	Bad:   "{\n  nixpkgs.hostPlatform = \"x86-64_linux\";\n}\n",
	Good:  "{\n  nixpkgs.hostPlatform = \"x86_64-linux\";\n}\n",
	Fix:   UnsafeFix,
	Kinds: []parser.Kind{parser.KindString},
	Node: func(f *File, n parser.Node) {
		const shortest = 8
		if s := n.Span(); s.End-s.Start < shortest+2 || !isSystemPlace(n) || repo.IsExcused(f.Path) {
			return
		}
		text, ok := parser.String{Node: n}.Static()
		if !ok || len(text) < shortest || slices.Contains(systems, text) {
			return
		}
		near := repo.Nearest(text, systems)
		if near == "" || repo.EditDistance(text, near) > 2 {
			return
		}
		f.Report(diagnostic.Diagnostic{
			Span: n.Span(), Message: fmt.Sprintf("`%s` is no system", text), Help: fmt.Sprintf("did you mean `%s`?", near),
			Fix: fix(fmt.Sprintf("replace by `%s`", near), false, diagnostic.Edit{Span: n.Span(), Text: `"` + near + `"`}),
		})
	},
}

// systems are those that nixpkgs knows: lib.systems.doubles.all of June 2026.
var systems = []string{
	"aarch64-darwin", "aarch64-freebsd", "aarch64-genode", "aarch64-linux", "aarch64-netbsd", "aarch64-none", "aarch64-uefi",
	"aarch64-windows", "aarch64_be-none", "arc-linux", "arm-none", "armv5tel-linux", "armv6l-linux", "armv6l-netbsd", "armv6l-none",
	"armv7a-linux", "armv7a-netbsd", "armv7l-linux", "armv7l-netbsd", "avr-none", "i686-cygwin", "i686-freebsd", "i686-genode", "i686-linux",
	"i686-netbsd", "i686-none", "i686-openbsd", "i686-windows", "javascript-ghcjs", "loongarch64-linux", "m68k-linux", "m68k-netbsd",
	"m68k-none", "microblaze-linux", "microblaze-none", "microblazeel-linux", "microblazeel-none", "mips-linux", "mips-none", "mips64-linux",
	"mips64-none", "mips64el-linux", "mipsel-linux", "mipsel-netbsd", "mmix-mmixware", "msp430-none", "or1k-none", "powerpc-linux",
	"powerpc-netbsd", "powerpc-none", "powerpc64-linux", "powerpc64le-linux", "powerpcle-none", "riscv32-linux", "riscv32-netbsd",
	"riscv32-none", "riscv64-linux", "riscv64-netbsd", "riscv64-none", "rx-none", "s390-linux", "s390-none", "s390x-linux", "s390x-none",
	"sh4-linux", "vc4-none", "wasm32-wasi", "wasm64-wasi", "x86_64-cygwin", "x86_64-darwin", "x86_64-freebsd", "x86_64-genode",
	"x86_64-linux", "x86_64-netbsd", "x86_64-none", "x86_64-openbsd", "x86_64-redox", "x86_64-solaris", "x86_64-uefi", "x86_64-windows",
}

// systemOptions are what options, arguments and variables for systems are called.
var systemOptions = []string{
	"system", "systems", "supportedSystems", "allSystems", "forSystems", "eachSystem", "hostPlatform", "buildPlatform", "localSystem", "crossSystem",
	"linuxSystems", "darwinSystems", "defaultSystems",
}

// isSystemPlace reports whether a string stands where the name of a system is wanted.
func isSystemPlace(n parser.Node) bool {
	n = parser.WithParens(n)
	p := n.Parent()
	switch p.Kind() {
	case parser.KindList:
		if slices.Contains(systemOptions, repo.BoundAs(p)) {
			return true
		}
		// genAttrs [ "x86_64-linux" ] (system: …)
		outer := p.Parent()
		return outer.Is(parser.KindApply) && (parser.Apply{Node: outer}).Func() != p && isSystemList(p)
	case parser.KindBinding:
		path := (parser.Binding{Node: p}).Path()
		name, _ := parser.StaticName(path.LastChild())
		return slices.Contains(systemOptions, name)
	case parser.KindFormal:
		return slices.Contains(systemOptions, (parser.Formal{Node: p}).Name().Text())
	case parser.KindApply:
		return isMkDefaultSystem(parser.Apply{Node: p}, n)
	}
	return false
}

// isSystemList reports whether a list has the name of a system.
func isSystemList(list parser.Node) bool {
	for e := range list.Children() {
		if e.Is(parser.KindString) {
			if text, ok := (parser.String{Node: e}).Static(); ok && slices.Contains(systems, text) {
				return true
			}
		}
	}
	return false
}

// isMkDefaultSystem reports whether a string is what `lib.mkDefault` and the like give to
// an option for a system.
func isMkDefaultSystem(a parser.Apply, n parser.Node) bool {
	if a.Func() == n || !a.Parent().Is(parser.KindBinding) {
		return false
	}
	name, _ := parser.StaticName((parser.Binding{Node: a.Parent()}).Path().LastChild())
	return slices.Contains(systemOptions, name)
}
