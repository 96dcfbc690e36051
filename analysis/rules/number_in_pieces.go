package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

var numberInPieces = &Rule{
	Name:     "number-in-pieces",
	Group:    "syntax",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "what looks like one number or selection is read as several values",
	Why: `Nix needs no blank between two values, so that ` + "`192.168.0.1`" + ` is the number ` + "`192.168`" + ` called with ` + "`.0`" + ` and ` + "`.1`, `01.5`" + ` is ` + "`1`" + `
called with ` + "`.5`, `10s`" + ` is ` + "`10`" + ` called with a variable ` + "`s`, and `list.0`" + ` calls ` + "`list`" + `. In a list they are elements of
their own. Put text in quotes, and take elements of lists with ` + "`builtins.elemAt list 0`" + `.`,
	Bad:   "{\n  address = 192.168.0.1;\n}\n",
	Good:  "{\n  address = \"192.168.0.1\";\n}\n",
	Kinds: []parser.Kind{parser.KindInt, parser.KindFloat},
	Node: func(f *File, n parser.Node) {
		first := n.FirstToken()
		last := first
		if prev := first.Prev(); prev.IsValid() && prev.Span().End == first.Span().Start {
			switch prev.Kind() {
			case parser.TokenInt, parser.TokenFloat:
				return // in the middle of one that is found from its start
			case parser.TokenIdent:
				first = prev
			}
		}
		for next := last.Next(); next.Span().Start == last.Span().End; next = next.Next() {
			if k := next.Kind(); k != parser.TokenInt && k != parser.TokenFloat && k != parser.TokenIdent {
				break
			}
			last = next
		}
		if first.Index() == last.Index() || f.Tree.HasSyntaxErrors() {
			return
		}
		var parts []string
		for tok := first; ; tok = tok.Next() {
			parts = append(parts, tok.Text())
			if tok.Index() == last.Index() {
				break
			}
		}
		d := diagnostic.Diagnostic{
			Span:    parser.Span{Start: first.Span().Start, End: last.Span().End},
			Message: fmt.Sprintf("`%s` is read as `%s`", strings.Join(parts, ""), strings.Join(parts, " ")),
			Help:    "put it in quotes",
		}
		switch {
		case first.Kind() == parser.TokenIdent:
			d.Help = "elements of lists are taken with `builtins.elemAt`"
		case len(parts) == 2 && parts[0][0] == '0' && parts[1][0] == '.':
			d.Help = "write the number without zeros in front"
		}
		f.Report(d)
	},
}
