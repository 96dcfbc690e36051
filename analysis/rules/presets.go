package rules

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/config"
)

// Catalogue returns what settings need to know of the rules.
func Catalogue() []config.Rule {
	var out []config.Rule
	for _, r := range All() {
		out = append(out, config.Rule{Name: r.Name, Group: r.Group, Summary: r.Summary, Presets: r.presets()})
	}
	return out
}

// ReferencePages returns the page about settings, their JSON schema, and the
// page of the checks of package vfio, by file name.
func ReferencePages() map[string]string {
	return map[string]string{
		"configuration.md":    config.Document(Catalogue()),
		"nixlint.schema.json": string(config.Schema(Catalogue())),
		"vfio-checks.md":      vfioChecksPage(),
	}
}

// Only returns settings that select rules or groups by name, the recommended
// rules if none is named, and come from no file.
func Only(names ...string) *config.Config {
	return config.New(config.Options{Rules: Catalogue(), Isolated: true, Select: names})
}

// presets returns the presets that a rule belongs to. Every rule belongs to
// "all".
func (r *Rule) presets() []config.Preset {
	var out []config.Preset
	if r.Default {
		out = append(out, config.Recommended)
	}
	if r.Default || !slices.Contains(notStrict, r.Name) {
		out = append(out, config.Strict)
	}
	if slices.Contains(statixRules, r.Name) {
		out = append(out, config.Statix)
	}
	if r.Default && slices.Contains(nixpkgsGroups, r.Group) && !slices.Contains(notNixpkgs, r.Name) || slices.Contains(nixpkgsRules, r.Name) {
		out = append(out, config.Nixpkgs)
	}
	return out
}

// notStrict are rules of taste: a repository may as well do the opposite
// throughout.
var notStrict = []string{
	"builtin-prefix-removable", // many write `builtins.` everywhere, to be plain
	"unused-interface-formal",  // modules begin with the same list by custom
	"repeated-keys",            // modules set many options of one namespace, one by one
}

// statixRules are the rules that find what statix finds.
var statixRules = []string{
	"bool-comparison",        // W01
	"bool-simplification",    // W18
	"collapsible-let",        // W06
	"deprecated-to-path",     // W17
	"empty-inherit",          // W14
	"empty-let",              // W02
	"empty-list-concat",      // W23
	"empty-pattern",          // W10
	"eta-reduction",          // W07
	"legacy-let",             // W05
	"manual-inherit",         // W03
	"manual-inherit-from",    // W04
	"redundant-pattern-bind", // W11
	"repeated-keys",          // W20
	"unquoted-uri",           // W12
	"useless-has-attr",       // W19
	"useless-parens",         // W08
}

// The preset for files of packages has the recommended rules of these groups,
// except for those that are a matter of opinion there, and the paths that lead
// nowhere: it knows of no machines.
var (
	nixpkgsGroups = []string{"syntax", "names", "simplify"}
	notNixpkgs    = []string{
		"bool-comparison", "bool-simplification", "useless-parens", // often clearer as written
		"manual-inherit", "manual-inherit-from", // would touch most files
		"empty-pattern", "eta-reduction", "redundant-pattern-bind", // change what functions tell of their arguments
		"unused-argument", // overlays and fixed points have the same two arguments throughout
	}
	nixpkgsRules = []string{"import-path-missing", "path-missing"}
)
