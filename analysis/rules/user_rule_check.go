package rules

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/config"
	nixfmt "github.com/nixlint/nixlint/fmt"
	"github.com/nixlint/nixlint/parser"
)

// Failure is a test of a rule of the user's that fails.
type Failure struct {
	Rule    string
	File    string     // of the settings, absolute
	Pos     config.Pos // of the test
	Message string
	// Found are the places that the rule finds, in the code of the test.
	Found []parser.Span
	// Got and Want are what the fix makes of the code and what it should, both
	// formatted; empty if the failure is about something else.
	Got, Want string
}

// RunTests runs the tests of a rule of the user's. The layout of what a fix makes
// does not count.
func RunTests(u config.UserRule) []Failure {
	var out []Failure
	for _, test := range u.Tests {
		if f := runTest(u, test); f != nil {
			f.Rule, f.File, f.Pos = u.Name, u.File, test.Pos
			out = append(out, *f)
		}
	}
	return out
}

func runTest(u config.UserRule, test config.UserTest) *Failure {
	t := parser.Parse(test.Code)
	for _, e := range t.Errors() {
		return &Failure{Message: "the code is not Nix: " + e.Message}
	}
	var found []parser.Span
	for _, d := range Search(t, u.Query) {
		found = append(found, d.Span)
	}
	if test.Matches >= 0 && len(found) != test.Matches {
		return &Failure{Message: fmt.Sprintf("finds %s and should find %s", times(len(found)), times(test.Matches)), Found: found}
	}
	if test.Fixed == "" {
		return nil
	}
	want, err := nixfmt.Format(test.Fixed, nixfmt.Options{})
	if err != nil {
		return &Failure{Message: "`fixed` is not Nix: " + err.Error()}
	}
	made, _ := Rewrite(test.Code, u.Query)
	got, err := nixfmt.Format(made, nixfmt.Options{})
	if err != nil {
		return &Failure{Message: "the fix makes what is not Nix: " + err.Error()}
	}
	if got != want {
		return &Failure{Message: "the fix makes other code", Found: found, Got: got, Want: want}
	}
	return nil
}

// times says how many places there are.
func times(n int) string {
	switch n {
	case 0:
		return "nothing"
	case 1:
		return "1 place"
	}
	return fmt.Sprintf("%d places", n)
}
