package rules_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/rules"
)

// TestMigratingNamesRules checks that the rules named in the middle column of
// the tables in docs/migrating.md exist.
func TestMigratingNamesRules(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "migrating.md"))
	if err != nil {
		t.Fatal(err)
	}
	ruleName := regexp.MustCompile("`(?:--ignore )?([a-z][a-z-]*)`")
	named := 0
	for _, line := range strings.Split(string(page), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 5 {
			if strings.HasPrefix(line, "|") {
				t.Errorf("a row has not three cells: %s", line)
			}
			continue
		}
		for _, m := range ruleName.FindAllStringSubmatch(cells[2], -1) {
			if m[1] == "exclude" { // a key of nixlint.toml
				continue
			}
			named++
			if rules.ByName(m[1]) == nil {
				t.Errorf("there is no rule %s: %s", m[1], line)
			}
		}
	}
	if named == 0 {
		t.Error("the page names no rules")
	}
}
