package rules_test

import (
	"fmt"
	"testing"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/repo/repotest"
	"github.com/nixlint/nixlint/analysis/rules"
)

// BenchmarkCheckLarge checks whole repositories of many hosts: reading their
// files, evaluating all hosts and running all rules. Hosts share most of their
// modules, or few, of little or of much text.
func BenchmarkCheckLarge(b *testing.B) {
	for _, size := range []repotest.Size{
		{Hosts: 30, Modules: 800, Each: 780},
		{Hosts: 30, Modules: 800, Each: 100},
		{Hosts: 30, Modules: 800, Each: 780, Rich: true},
		{Hosts: 30, Modules: 800, Each: 100, Rich: true},
	} {
		b.Run(fmt.Sprintf("each=%d,rich=%v", size.Each, size.Rich), func(b *testing.B) {
			dir := b.TempDir()
			if err := repotest.WriteLarge(dir, size); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				r, err := repo.Open(dir, repo.Options{})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := rules.Check(r, config.New(config.Options{Rules: rules.Catalogue()}), 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
