package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/parser"
)

var unquotedURI = &Rule{
	Name:     "unquoted-uri",
	Group:    "simplify",
	Severity: diagnostic.Info,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a URI is written without quotes",
	Why: `Nix reads ` + "`x:y`" + ` as a string, which surprises whoever meant a function, and has deprecated it. Quotes make no difference to
the value; where it may be a function after all, the fix is made on request.`,
	Bad:   "{\n  homepage = https://nixos.org/;\n}\n",
	Good:  "{\n  homepage = \"https://nixos.org/\";\n}\n",
	Fix:   SafeFix,
	Kinds: []parser.Kind{parser.KindURI},
	Node: func(f *File, n parser.Node) {
		d := diagnostic.Diagnostic{
			Span: n.Span(), Message: fmt.Sprintf("`%s` is a string without quotes", n.Text()), Tags: diagnostic.Deprecated,
		}
		isURL := strings.Contains(n.Text(), "://")
		if !isURL {
			d.Help = "a function has a blank behind its colon"
		}
		d.Fix = fix("put it in quotes", isURL, edit.ReplaceSpan(f.Text, n.Span(), `"`+n.Text()+`"`))
		f.Report(d)
	},
}
