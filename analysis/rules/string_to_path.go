package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/precedence"
	"github.com/nixlint/nixlint/parser"
)

var stringToPath = &Rule{
	Name:     "string-to-path",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a path is put together from a path and a fixed string",
	Why: "`./. + \"/a.nix\"` is the path `./a.nix`" + `. Written out, editors and checkers follow it. A string without a slash in front is left
alone: ` + "`./a + \"b\"` is `./ab`" + `; and so are absolute paths, which nobody should write out.`,
	Bad:   "{\n  environment.etc.motd.source = ./. + \"/motd\";\n}\n",
	Good:  "{\n  environment.etc.motd.source = ./motd;\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindBinary},
	Node: func(f *File, n parser.Node) {
		b := parser.Binary{Node: n}
		if b.Op() != parser.TokenPlus || !b.Left().Is(parser.KindPath) || !b.Right().Is(parser.KindString) {
			return
		}
		dir, ok := parser.Path{Node: b.Left()}.Static()
		if !ok || !strings.HasPrefix(dir, ".") {
			return
		}
		rest, ok := parser.String{Node: b.Right()}.Static()
		if !ok || !plainPathEnd().MatchString(rest) {
			return
		}
		path := strings.TrimSuffix(dir, "/.") + rest
		d := diagnostic.Diagnostic{Span: n.Span(), Message: fmt.Sprintf("this is the path `%s`", path)}
		if !n.HasComments() {
			d.Fix = fix("write the path", true, edit.Replace(n, path, precedence.Simple))
		}
		f.Report(d)
	},
}

// plainPathEnd matches what can follow a path as it is.
var plainPathEnd = lazily(`^(/[A-Za-z0-9_+-][A-Za-z0-9._+-]*)+$`)
