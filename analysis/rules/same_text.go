package rules

import "github.com/nixlint/nixlint/parser"

// sameText reports whether two nodes consist of the same tokens.
func sameText(a, b parser.Node) bool {
	ta, tb := a.FirstToken(), b.FirstToken()
	if !ta.IsValid() || !tb.IsValid() {
		return false
	}
	la, lb := a.LastToken().Index(), b.LastToken().Index()
	if la-ta.Index() != lb-tb.Index() {
		return false
	}
	for {
		if ta.Kind() != tb.Kind() || ta.Text() != tb.Text() {
			return false
		}
		if ta.Index() == la {
			return true
		}
		ta, tb = ta.Next(), tb.Next()
	}
}
