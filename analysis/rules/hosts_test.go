package rules_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/parallel"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/repo/repotest"
	"github.com/nixlint/nixlint/analysis/rules"
)

// TestGroups checks that the same is found when hosts are evaluated in groups as when all
// are evaluated together, in a repository in which every kind of file has mistakes.
func TestGroups(t *testing.T) {
	root := t.TempDir()
	if err := repotest.WriteLarge(root, repotest.Size{Hosts: 13, Modules: 300, Each: 260, Rich: true}); err != nil {
		t.Fatal(err)
	}
	mistakes := []struct{ old, new string }{
		{"  config,", "  config,\n  nothing,"},
		{"cfg.", "cfg.x"},
		{"enable = true", "enabel = true"},
		{"default = 8000", "default = \"8000\""},
		{"enable = true", "enable = \"yes\""},
		{"meta.hostname", "meta.hostnam"},
		{"  imports = [", "  imports = [\n    ./none.nix"},
		{"options.modules", "options.others"},
		{"lib.mkEnableOption", "lib.mkEnabelOption"},
		{"assertion = cfg.sites != { }", "assertion = false"},
	}
	all := openAs(t, root, repo.Options{})
	overlay := make(map[string]string)
	for i, f := range all.All() {
		if i%3 != 0 {
			continue
		}
		m := mistakes[i/3%len(mistakes)]
		overlay[f.Path] = strings.Replace(f.Text, m.old, m.new, 1)
	}
	find := func(jobs int) []diagnostic.Diagnostic {
		found, err := rules.Check(openAs(t, root, repo.Options{Overlay: overlay}), rules.Only("all"), jobs)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	want := find(1)
	byRule := make(map[string]bool)
	for _, d := range want {
		if rules.ByName(d.Rule).OfRepository() {
			byRule[d.Rule] = true
		}
	}
	if len(byRule) < 6 {
		t.Errorf("only %d rules about the repository find something", len(byRule))
	}
	r := openAs(t, root, repo.Options{Overlay: overlay})
	text := func(found []diagnostic.Diagnostic) (out []string) {
		for _, d := range found {
			out = append(out, show(r, d))
		}
		return out
	}
	for _, jobs := range []int{2, 3} {
		m := r.ModelInGroups()
		if err := m.Evaluate(t.Context(), parallel.Workers{Most: jobs}, nil, nil, new(sync.Mutex)); err != nil {
			t.Fatal(err)
		}
		if n := len(m.Parts()); n != jobs || len(m.Hosts) != 13 {
			t.Errorf("%d hosts in %d groups, want 13 in %d", len(m.Hosts), n, jobs)
		}
		if got := text(find(jobs)); !slices.Equal(got, text(want)) {
			t.Errorf("in %d groups:\n%s\ntogether:\n%s", jobs, strings.Join(got, "\n"), strings.Join(text(want), "\n"))
		}
	}
}
