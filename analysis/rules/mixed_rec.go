package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

var mixedRec = &Rule{
	Name:     "mixed-rec",
	Group:    "names",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a set is defined in pieces, and only some of them say `rec`",
	Why: `Nix makes one set of ` + "`a = { … }; a.b = …; a = rec { … };`" + `, and goes by the first piece alone: if that says ` + "`rec`" + `, the members of
all pieces are in scope in all of them; if it does not, a later ` + "`rec`" + ` does nothing. Write the set in one piece, or ` + "`rec`" + ` in all.`,
	Bad:   "{\n  a.port = 80;\n  a = rec {\n    host = \"localhost\";\n  };\n}\n",
	Good:  "{\n  a = rec {\n    port = 80;\n    address = \"localhost:${toString port}\";\n  };\n}\n",
	Kinds: []parser.Kind{parser.KindAttrSet},
	Node: func(f *File, n parser.Node) {
		set := parser.AttrSet{Node: n}
		if !set.IsRec() || set.IsLegacyLet() || !f.Names().IsMerged(n) {
			return
		}
		pieces, rec := f.Names().PiecesOf(n)
		if !rec {
			f.Report(diagnostic.Diagnostic{
				Span: set.Keyword().Span(), Message: "this `rec` does nothing, since the set begins without it",
				Related: []diagnostic.Related{{Span: pieceSpan(pieces[0]), Message: "the set begins here"}},
			})
			return
		}
		if pieces[0] != n {
			return // the first piece speaks for all
		}
		for _, piece := range pieces {
			if piece.Is(parser.KindAttrSet) && (parser.AttrSet{Node: piece}).IsRec() {
				continue
			}
			f.Report(diagnostic.Diagnostic{
				Span: pieceSpan(piece), Message: "this belongs to a `rec` set and sees all of its members",
				Related: []diagnostic.Related{{Span: set.Keyword().Span(), Message: "the `rec`"}},
			})
			return
		}
	},
}

// pieceSpan returns the span of a name, or of the brace that opens a set.
func pieceSpan(piece parser.Node) parser.Span {
	if piece.Is(parser.KindAttrSet) {
		set := parser.AttrSet{Node: piece}
		return parser.Span{Start: piece.Span().Start, End: set.Open().Span().End}
	}
	return piece.Span()
}
