package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var absolutePathLiteral = &Rule{
	Name:     "absolute-path-literal",
	Group:    "modules",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a flake names a file of the machine that evaluates it",
	Why: `A flake is evaluated without looking at the machine: importing or reading an absolute path such as ` + "`/etc/nixos/disks.nix`" + `
is refused, and so is one below the home directory. In an option, a path literal is copied to the store, for all to
read, as soon as a module puts it into a string; the string ` + "`\"/etc/nixos/token\"`" + ` stays what it is.

Paths that exist only on the running system (` + "`/run`, `/var`, `/dev`" + ` and their like) may be given to options, and only
their use at evaluation is reported. Repositories without ` + "`flake.nix`" + ` are left alone. One that is always evaluated with
` + "`--impure`" + ` can turn the rule off.`,
	Bad:   "-- flake.nix --\n{ outputs = _: { }; }\n-- module.nix --\n{\n  services.k3s.tokenFile = /etc/nixos/token;\n}\n",
	Good:  "-- flake.nix --\n{ outputs = _: { }; }\n-- module.nix --\n{\n  services.k3s.tokenFile = \"/etc/nixos/token\";\n}\n",
	Fix:   SometimesFix,
	Kinds: []parser.Kind{parser.KindPath},
	Node: func(f *File, n parser.Node) {
		p := parser.Path{Node: n}
		text, static := p.Static()
		if !static || !p.IsAbsolute() && !p.IsHome() || !f.Repo.Has("flake.nix") || repo.IsExcused(f.Path) {
			return
		}
		if p.IsAbsolute() && strings.Count(text, "/") < 2 {
			return // `/.` and the like: where the path leads to is computed
		}
		d := diagnostic.Diagnostic{Span: n.Span()}
		outer := parser.WithParens(n)
		switch parent := outer.Parent(); {
		case f.readsPath(outer):
			d.Message = fmt.Sprintf("a flake may not read `%s`, which is not part of it", text)
			d.Help = "put the file into the repository, or leave reading it to the running system"
		case parent.Is(parser.KindInterp):
			d.Message = fmt.Sprintf("`%s` would be copied to the store here, which a flake may not do", text)
			d.Help = "write the path into the string as it is"
		case parent.Is(parser.KindBinding) && (p.IsHome() || !slices.ContainsFunc(runTimeFolders, func(dir string) bool { return strings.HasPrefix(text, dir) })):
			d.Message = fmt.Sprintf("`%s` is a file of the machine that evaluates the flake", text)
			d.Help = "write it as a string if it means a file of the running system"
			if !p.IsHome() {
				d.Fix = fix(fmt.Sprintf("replace by `%q`", text), false, diagnostic.Edit{Span: n.Span(), Text: `"` + text + `"`})
			}
		default:
			return
		}
		f.Report(d)
	},
}

// runTimeFolders exist on running systems only, or hold what is no file.
var runTimeFolders = []string{"/run/", "/var/", "/dev/", "/proc/", "/sys/", "/tmp/", "/mnt/", "/media/", "/boot/", "/persist/"}

// readsPath reports whether a path is read by the evaluation itself: it is
// imported, or the argument of a builtin that reads files.
func (f *File) readsPath(n parser.Node) bool {
	switch p := n.Parent(); p.Kind() {
	case parser.KindList:
		return repo.IsModuleList(p)
	case parser.KindApply:
		a := parser.Apply{Node: p}
		if a.Arg(0) != n {
			return false
		}
		switch f.builtinName(a.Func()) {
		case "import", "readFile", "readDir", "scopedImport":
			return true
		}
		switch symbol.LastName(a.Func()) {
		case "importJSON", "importTOML", "fileContents", "callPackage":
			return true
		}
	case parser.KindBinding:
		set := p.Parent()
		call := set.Parent()
		if !set.Is(parser.KindAttrSet) || !call.Is(parser.KindApply) || (parser.Binding{Node: p}).Path().Text() != "path" {
			return false
		}
		// With a hash it may be in the store already, and is not read then.
		return f.builtinName(parser.Apply{Node: call}.Func()) == "path" && !anyKey(set, func(key string) bool { return key == "sha256" })
	}
	return false
}
