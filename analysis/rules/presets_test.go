package rules

import (
	"slices"
	"testing"
)

func TestPresetsNameRules(t *testing.T) {
	for _, name := range slices.Concat(notStrict, statixRules, notNixpkgs, nixpkgsRules) {
		if ByName(name) == nil {
			t.Errorf("a preset names the rule %s, which there is not", name)
		}
	}
}
