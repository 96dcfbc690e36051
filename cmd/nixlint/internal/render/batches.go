package render

import (
	"slices"
	"sync"

	"github.com/nixlint/nixlint/analysis/parallel"
)

// batch is how many findings are made into text one after the other: batches are
// made beside each other.
const batch = 128

// inBatches calls write for one batch of findings after the other, for several at once,
// and returns what it makes of them in their order. Each is a report of its own.
func inBatches[T any](d *Document, write func(r *Report) T) []T {
	var batches []*Report
	for _, r := range d.Reports {
		var reading sync.Mutex
		text := func(file string) string {
			reading.Lock()
			defer reading.Unlock()
			return r.Text(file)
		}
		for findings := range slices.Chunk(r.Findings, batch) {
			batches = append(batches, &Report{Findings: findings, Text: text, Show: r.Show})
		}
	}
	return parallel.Map(parallel.Workers{}, batches, func(r **Report) T { return write(*r) })
}
