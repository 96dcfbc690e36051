package main

import (
	"fmt"

	"github.com/aymanbagabas/go-udiff"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
	"github.com/nixlint/nixlint/parser"
)

// changes tells which lines of a repository have changed since a revision.
type changes struct {
	before *repo.Revision
	text   func(file string) string
	lines  map[string]func(line int) bool // by file, once it has been asked for
}

// changesSince compares with what a repository was like where the present branch
// left a revision.
func changesSince(root, revision string, text func(file string) string) (*changes, error) {
	before, err := repo.BranchPoint(root, revision)
	if err != nil {
		return nil, fmt.Errorf("--changed-since: %w", err)
	}
	return &changes{before, text, make(map[string]func(int) bool)}, nil
}

// keep leaves in a report the findings that are about lines that have changed.
func (c *changes) keep(report *render.Report) error {
	var kept []diagnostic.Diagnostic
	for _, d := range report.Findings {
		changed, err := c.changed(d.File)
		if err != nil {
			return err
		}
		lines := parser.NewLines(c.text(d.File))
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

// changed returns which lines of a file, from 0, are not as they were.
func (c *changes) changed(file string) (func(line int) bool, error) {
	if f := c.lines[file]; f != nil {
		return f, nil
	}
	before, ok, err := c.before.Text(file)
	if err != nil {
		return nil, err
	}
	f := func(int) bool { return true } // it is new
	if ok {
		f = changedLines(before, c.text(file))
	}
	c.lines[file] = f
	return f, nil
}

// changedLines compares two texts.
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
