package rules_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/repo"
)

// TestTokens looks for texts of the form that tokens have. They are made here
// so that no file holds one, which other tools would find.
func TestTokens(t *testing.T) {
	letters := func(n int) string { return strings.Repeat("aB3", n)[:n] }
	upper := func(n int) string { return strings.Repeat("Q2Z", n)[:n] }
	for prefix, rest := range map[string]string{
		"AGE-SECRET-" + "KEY-1": upper(58), "gh" + "p_": letters(36), "github" + "_pat_": letters(82), "glp" + "at-": letters(20),
		"AK" + "IA": upper(16), "xo" + "xb-": "123456789012-" + letters(24), "sk-" + "ant-": letters(40), "sk" + "_live_": letters(24),
		"tskey-" + "auth-": letters(12) + "-" + letters(32), "np" + "m_": letters(36), "h" + "f_": strings.Repeat("aB", 17),
		"dop_" + "v1_": strings.Repeat("0f", 32),
	} {
		for text, want := range map[string]int{prefix + rest: 1, prefix: 0, prefix + rest[:8]: 0, "x" + strings.ToLower(prefix): 0} {
			dir := t.TempDir()
			writeFile(t, filepath.Join(dir, "x.nix"), []byte(`{ a = "token=`+text+`"; }`))
			r, err := repo.Open(dir, repo.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if found := findings(t, r, "plaintext-password"); len(found) != want {
				t.Errorf("%s…: %d findings in a text of %d bytes, want %d", prefix, len(found), len(text), want)
			}
		}
	}
}
