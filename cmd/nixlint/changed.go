package main

import (
	"fmt"
	"slices"

	"github.com/aymanbagabas/go-udiff"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
	"github.com/nixlint/nixlint/parser"
)

// keepChanged leaves in a report the findings that are about lines that are not
// as they were where the present branch left a revision.
func keepChanged(root, revision string, report *render.Report) error {
	revised, err := repo.BranchPoint(root, revision)
	if err != nil {
		return fmt.Errorf("--changed-since: %w", err)
	}
	var files []string
	for _, d := range report.Findings {
		files = append(files, d.File)
	}
	slices.Sort(files)
	before, err := revised.Texts(slices.Compact(files))
	if err != nil {
		return fmt.Errorf("--changed-since: %w", err)
	}
	byFile := make(map[string]func(line int) bool)
	var kept []diagnostic.Diagnostic
	for _, d := range report.Findings {
		changed := byFile[d.File]
		if changed == nil {
			changed = func(int) bool { return true } // the file is new
			if text, ok := before[d.File]; ok {
				changed = changedLines(text, report.Text(d.File))
			}
			byFile[d.File] = changed
		}
		lines := parser.NewLines(report.Text(d.File))
		last := d.Span.End
		if last > d.Span.Start {
			last--
		}
		for line := lines.Line(d.Span.Start); line <= lines.Line(last); line++ {
			if changed(line) {
				kept = append(kept, d)
				break
			}
		}
	}
	report.Findings = kept
	return nil
}

// changedLines compares two texts and returns which lines of the second, from 0,
// are not in the first.
func changedLines(before, after string) func(line int) bool {
	lines := parser.NewLines(after)
	changed := make(map[int]bool)
	moved := 0
	for _, e := range udiff.Lines(before, after) {
		start := e.Start + moved
		moved += len(e.New) - (e.End - e.Start)
		if e.New == "" {
			continue
		}
		for line := lines.Line(uint32(start)); line <= lines.Line(uint32(start+len(e.New)-1)); line++ {
			changed[line] = true
		}
	}
	return func(line int) bool { return changed[line] }
}
