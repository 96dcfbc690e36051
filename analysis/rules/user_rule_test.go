package rules_test

import (
	"os"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/pattern"
	"github.com/nixlint/nixlint/analysis/rules"
)

// userRules reads the rules in the text of a file of settings.
func userRules(t *testing.T, text string) []config.UserRule {
	t.Helper()
	c := config.New(config.Options{
		Rules: rules.Catalogue(), File: "nixlint.toml",
		ReadFile: func(string) ([]byte, error) { return []byte(text), nil },
	})
	s, err := c.Repository(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return s.UserRules
}

// TestDocumentedRules runs the tests of the rules in the documentation.
func TestDocumentedRules(t *testing.T) {
	page, err := os.ReadFile("../../docs/user-rules.md")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, block := range strings.Split(string(page), "```toml\n")[1:] {
		text, _, _ := strings.Cut(block, "```\n")
		for _, u := range userRules(t, text) {
			count++
			if len(u.Tests) == 0 {
				t.Errorf("`%s` has no tests", u.Name)
			}
			for _, f := range rules.RunTests(u) {
				t.Errorf("`%s` at line %d: %s; found %v\ngot:\n%s\nwant:\n%s", f.Rule, f.Pos.Line, f.Message, f.Found, f.Got, f.Want)
			}
		}
	}
	if count < 6 {
		t.Errorf("there are only %d rules", count)
	}
	for _, kind := range pattern.KindNames() {
		if !strings.Contains(string(page), "`"+kind+"`") {
			t.Errorf("the kind %s is not documented", kind)
		}
	}
}
