package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
)

// fixFlags are the flags of `nixlint check` that apply fixes.
type fixFlags struct {
	safe   bool
	unsafe bool
	diff   bool
}

func (f fixFlags) any() bool { return f.safe || f.unsafe || f.diff }

// fixRoot fixes one repository, or prints what fixes would change, and reports
// the findings that are left at and below the paths. Changes that were only
// printed are an errFindings.
func fixRoot(cmd *cobra.Command, settings *config.Config, root string, paths []string, workdir string, f checkFlags) (*render.Report, error) {
	inside, err := below(settings, root, paths)
	if err != nil {
		return nil, err
	}
	options, err := f.inputs.options(root, settings)
	if err != nil {
		return nil, err
	}
	options.Jobs = f.jobs
	endProgress := startProgress(f.progress, "fixing "+filepath.Base(root))
	fixed, err := rules.Fix(root, options, settings, f.fix.unsafe, inside)
	endProgress()
	if err != nil {
		return nil, err
	}
	for _, file := range slices.Sorted(maps.Keys(fixed.Texts)) {
		before, _ := fixed.Before.Text(file)
		if f.fix.diff {
			if err := render.Diff(cmd.OutOrStdout(), file, before, fixed.Texts[file]); err != nil {
				return nil, err
			}
			continue
		}
		if err := writeFixed(root, file, before, fixed.Texts[file]); err != nil {
			return nil, err
		}
	}
	if f.fix.diff {
		if len(fixed.Texts) > 0 {
			return nil, errFindings
		}
		return &render.Report{}, nil
	}
	count := 0
	for _, n := range fixed.Count {
		count += n
	}
	if count > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "fixed %s in %s\n", render.Count(count, "finding"), render.Count(len(fixed.Texts), "file"))
	}
	return reportOn(fixed.After, workdir, f, inside, fixed.Left), nil
}

// writeFixed writes the fixed text of a file, unless the file has changed
// since it was read: the fixes were made for another text then.
func writeFixed(root, file, before, after string) error {
	name := filepath.Join(root, filepath.FromSlash(file))
	now, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if string(now) != before {
		return fmt.Errorf("%s has changed while it was checked; it is left as it is", name)
	}
	return replaceFile(name, after)
}
