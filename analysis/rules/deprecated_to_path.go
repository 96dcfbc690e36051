package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

var deprecatedToPath = &Rule{
	Name:     "deprecated-to-path",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "`builtins.toPath` is called",
	Why: `In spite of its name it returns a string, and Nix has deprecated it. For a path relative to the file write
` + "`./. + \"/name\"`, for an absolute one `/. + \"/name\"`" + `; for a string use the string as it is. Which of these is meant only the
author knows, so there is no fix.`,
	Bad:   "{ name, ... }:\n{\n  file = builtins.toPath \"/etc/${name}\";\n}\n",
	Good:  "{ name, ... }:\n{\n  file = /. + \"/etc/${name}\";\n}\n",
	Kinds: []parser.Kind{parser.KindApply},
	Node: func(f *File, n parser.Node) {
		if fn := (parser.Apply{Node: n}).Func(); f.builtinName(fn) == "toPath" {
			f.Report(diagnostic.Diagnostic{
				Span: fn.Span(), Message: "`builtins.toPath` is deprecated and returns a string",
				Help: "write `./. + \"/name\"` or `/. + \"/name\"` for a path", Tags: diagnostic.Deprecated,
			})
		}
	},
}
