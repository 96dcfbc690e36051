package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/nixlint/nixlint/analysis/baseline"
	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
)

// baselineFlags are the flags about findings that are known.
type baselineFlags struct {
	file  string
	write bool
}

func (f *baselineFlags) addTo(flags *pflag.FlagSet) {
	flags.StringVar(&f.file, "baseline", "", "report only findings that are not in this file (default: "+baseline.Name+" in the root, if there is one)")
	flags.BoolVar(&f.write, "write-baseline", false, "write the present findings to the baseline, so that only new ones are reported from now on")
}

// apply leaves the known findings out of a report on the repository at root, or
// writes all of them down as known.
func (f *baselineFlags) apply(settings *config.Config, root string, report *render.Report, inside func(file string) bool, messages io.Writer) error {
	name := f.file
	if name == "" {
		s, err := settings.Repository(root)
		if err != nil {
			return err
		}
		if name = s.Baseline.Value; name == "" {
			name = filepath.Join(root, baseline.Name)
		}
	}
	if f.write {
		old, err := baseline.ReadIfThere(name)
		if err != nil {
			old = &baseline.Baseline{} // it is written anew
		}
		b := baseline.Of(report.Findings, report.Text).With(old, func(file string) bool { return !inside(file) })
		if err := writeFile(name, b.JSON()); err != nil {
			return err
		}
		fmt.Fprintf(messages, "wrote %d findings to %s\n", b.Len(), name)
		report.Findings = nil
		return nil
	}
	read := baseline.ReadIfThere
	if f.file != "" {
		read = baseline.Read
	}
	known, err := read(name)
	if err != nil {
		return err
	}
	left, obsolete := known.Filter(report.Findings, report.Text, inside)
	report.Findings = left
	if obsolete > 0 {
		fmt.Fprintf(messages, "%d findings in %s are there no longer: --write-baseline forgets them\n", obsolete, name)
	}
	return nil
}
