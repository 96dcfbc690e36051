package main

import (
	"errors"
	"os"

	"github.com/spf13/pflag"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/hardware"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
)

// settingsFlags are the flags that say where settings come from.
type settingsFlags struct {
	options config.Options
}

// addTo adds the flags that say which files of settings are read.
func (f *settingsFlags) addTo(flags *pflag.FlagSet) {
	flags.StringVar(&f.options.File, "config", "", "read this file instead of those named nixlint.toml, as if it lay in the root of the repository")
	flags.BoolVar(&f.options.Isolated, "no-config", false, "read no nixlint.toml")
}

// addRulesTo adds the flags that choose rules.
func (f *settingsFlags) addRulesTo(flags *pflag.FlagSet) {
	flags.StringSliceVar(&f.options.Select, "select", nil, "run only these rules or groups")
	flags.StringSliceVar(&f.options.ExtendSelect, "extend-select", nil, "run these rules or groups too")
	flags.StringSliceVar(&f.options.Ignore, "ignore", nil, "do not run these rules or groups")
}

// addHardwareTo adds the flags that say which machines hosts are held against.
func addHardwareTo(flags *pflag.FlagSet, o *hardware.Options) {
	flags.StringVar(&o.Host, "host", "", "hold only this host against its machine")
	flags.StringVar(&o.Sysfs, "sysfs", "", "read the host's machine from this folder: /sys, or a copy of it; none leaves the running machine out")
	flags.StringVar(&o.Snapshot, "snapshot", "", "take this file, recorded by nixlint vfio snapshot or nixos-facter, for the host's machine")
}

// open returns the settings as the flags say.
func (f *settingsFlags) open() (*config.Config, error) {
	if f.options.File != "" && f.options.Isolated {
		return nil, errors.New("--config and --no-config exclude each other")
	}
	o := f.options
	o.Rules = rules.Catalogue()
	return config.New(o), nil
}

// describeError returns the lines that say why the program fails. Mistakes in
// settings name their files relative to the working directory.
func describeError(err error) []string {
	mistakes, ok := errors.AsType[config.Errors](err)
	workdir, wdErr := os.Getwd()
	if !ok || wdErr != nil {
		return []string{err.Error()}
	}
	show := render.ShowRelative("/", workdir)
	var lines []string
	for _, m := range mistakes {
		shown := *m
		shown.File = show(m.File)
		lines = append(lines, shown.Error())
	}
	return lines
}
