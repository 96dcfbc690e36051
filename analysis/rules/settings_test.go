package rules_test

import (
	"testing"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
)

// findings runs rules, by default the recommended ones.
func findings(t testing.TB, r *repo.Repo, names ...string) []diagnostic.Diagnostic {
	t.Helper()
	found, err := rules.Check(r, rules.Only(names...), 0)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestPresets checks that each preset is as large as it is meant to be.
func TestPresets(t *testing.T) {
	size := make(map[config.Preset]int)
	for _, r := range rules.Catalogue() {
		for _, p := range r.Presets {
			size[p]++
		}
	}
	// statix has 17 rules; what it says of syntax errors is always on.
	if size[config.Statix] != 17 {
		t.Errorf("the preset statix has %d rules, want 17", size[config.Statix])
	}
	if size[config.Strict] <= size[config.Recommended] || size[config.Recommended] <= size[config.Nixpkgs] || size[config.Nixpkgs] == 0 {
		t.Errorf("the presets have %v rules: strict has more than recommended, recommended more than nixpkgs", size)
	}
}
