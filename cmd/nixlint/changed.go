package main

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"

	"github.com/aymanbagabas/go-udiff"
	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
	"github.com/nixlint/nixlint/parser"
)

// changes tells which lines of a repository have changed since a revision.
type changes struct {
	tree  *object.Tree
	below string // the repository's folder in the work tree
	text  func(file string) string
	lines map[string]func(line int) bool // by file, once it has been asked for
}

// changesSince reads what a repository was like at a revision: where the
// present branch left it if it is another branch, as `git diff REV...` has it.
func changesSince(root, revision string, text func(file string) string) (*changes, error) {
	g, err := git.PlainOpenWithOptions(root, &git.PlainOpenOptions{DetectDotGit: true, EnableDotGitCommonDir: true})
	if err != nil {
		return nil, fmt.Errorf("--changed-since: %s is in no git repository: %w", root, err)
	}
	hash, err := g.ResolveRevision(plumbing.Revision(revision))
	if err != nil {
		return nil, fmt.Errorf("--changed-since: there is no revision %q: %w", revision, err)
	}
	commit, err := g.CommitObject(*hash)
	if err != nil {
		return nil, fmt.Errorf("--changed-since: %q is no commit: %w", revision, err)
	}
	if head, err := g.Head(); err == nil {
		if own, err := g.CommitObject(head.Hash()); err == nil {
			if bases, err := own.MergeBase(commit); err == nil && len(bases) > 0 {
				commit = bases[0]
			}
		}
	}
	tree, err := commit.Tree()
	if err != nil {
		return nil, err
	}
	work, err := g.Worktree()
	if err != nil {
		return nil, err
	}
	top, err := filepath.EvalSymlinks(work.Filesystem.Root())
	if err != nil {
		return nil, err
	}
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, err
	}
	below, err := filepath.Rel(top, real)
	if err != nil {
		return nil, err
	}
	return &changes{tree, filepath.ToSlash(below), text, make(map[string]func(int) bool)}, nil
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
	f := func(int) bool { return true } // it is new
	switch old, err := c.tree.File(path.Join(c.below, file)); {
	case err == nil:
		before, err := old.Contents()
		if err != nil {
			return nil, err
		}
		f = changedLines(before, c.text(file))
	case !errors.Is(err, object.ErrFileNotFound):
		return nil, err
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
