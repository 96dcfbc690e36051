package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/options"
)

// optionsFlags are the flags of `nixlint options`.
type optionsFlags struct {
	format   string
	hosts    []string
	user     string
	all      bool
	inputs   inputFlags
	settings settingsFlags
}

func newOptions() *cobra.Command {
	var f optionsFlags
	cmd := &cobra.Command{
		Use:   "options [PREFIX]",
		Short: "List the options that modules declare, where they are set and what they come to",
		Long: `Lists the options that the modules of the repository around the working directory declare:
their types, defaults and descriptions, where they are declared, where they are set, and what
they come to on each host. With --all also those of inputs whose source is at hand.

PREFIX is an option, which is shown in full, or the beginning of the path of several; a name
such as windows11 in vms.windows11.memory stands for any. Options of home-manager users are below
home-manager.users.<name>, or by themselves with --user. In a flake that builds no system these
are the options of the modules that it has for others.

The JSON format is that of nixpkgs' options.json with more in it.`,
		Example: `  nixlint options
  nixlint options --host toaster modules.vfio
  nixlint options --user mira --format md > docs/HOME.md
  nixlint options --format json | jq keys`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return listOptions(cmd, args, f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "human", "output format: "+strings.Join(options.Formats, ", "))
	flags.StringSliceVar(&f.hosts, "host", nil, "show only these hosts")
	flags.StringVar(&f.user, "user", "", "show the options of this home-manager user")
	flags.BoolVar(&f.all, "all", false, "show the options of inputs at hand too")
	f.inputs.addTo(flags)
	f.settings.addTo(flags)
	return cmd
}

func listOptions(cmd *cobra.Command, args []string, f optionsFlags) error {
	if !slices.Contains(options.Formats, f.format) {
		return fmt.Errorf("unknown format %q: it is one of %s", f.format, strings.Join(options.Formats, ", "))
	}
	m, systems, err := f.model()
	if err != nil {
		return err
	}
	q := options.Query{Hosts: f.hosts, User: f.user, All: f.all}
	if len(args) > 0 {
		if q.Prefix, err = splitAttrPath(strings.TrimSuffix(args[0], ".")); err != nil {
			return err
		}
	}
	list := options.Build(m, systems, q)
	if len(list.Options) == 0 && len(q.Prefix) > 0 {
		return noOption(m, systems, q)
	}
	style := options.Style{
		Show: func(file string) string {
			return showPath(filepath.ToSlash(filepath.Join(m.Repo.Root, filepath.FromSlash(file))))
		},
		Hosts: f.shown(systems), Prefix: q.Prefix, Values: len(f.hosts) > 0,
	}
	if f.format == "human" {
		style.Width = styleOf(cmd.OutOrStdout()).Width
	}
	return list.Write(cmd.OutOrStdout(), f.format, style)
}

// model evaluates the repository around the working directory. The systems and
// the user that were asked for must exist.
func (f *optionsFlags) model() (*repo.Model, []*repo.Host, error) {
	settings, err := f.settings.open()
	if err != nil {
		return nil, nil, err
	}
	r, err := f.inputs.open(".", settings)
	if err != nil {
		return nil, nil, err
	}
	m := r.Model()
	systems := options.Systems(m)
	var names, users []string
	for _, h := range systems {
		names = append(names, h.Name)
		for _, e := range append(h.Homes, h.System) {
			if e.User != "" {
				users = append(users, e.User)
			}
		}
	}
	if len(systems) == 0 {
		return nil, nil, fmt.Errorf("no modules: evaluation of the flake in %s finds no system, no home and no modules for others", r.Root)
	}
	for _, name := range f.hosts {
		if err := oneAmong("host", name, names); err != nil {
			return nil, nil, err
		}
	}
	if f.user != "" {
		slices.Sort(users)
		return m, systems, oneAmong("home-manager user", f.user, slices.Compact(users))
	}
	return m, systems, nil
}

// oneAmong returns an error unless a name is one of those known.
func oneAmong(what, name string, known []string) error {
	switch near := repo.Nearest(name, known); {
	case slices.Contains(known, name):
		return nil
	case near != "":
		return fmt.Errorf("unknown %s %q: did you mean %q?", what, name, near)
	case len(known) == 0:
		return fmt.Errorf("unknown %s %q: there is none", what, name)
	}
	return fmt.Errorf("unknown %s %q; there are %s", what, name, strings.Join(known, ", "))
}

// shown returns the names of the systems that are shown.
func (f *optionsFlags) shown(systems []*repo.Host) []string {
	if len(f.hosts) > 0 {
		return f.hosts
	}
	var out []string
	for _, h := range systems {
		out = append(out, h.Name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// noOption is the error for a prefix that no option has.
func noOption(m *repo.Model, systems []*repo.Host, q options.Query) error {
	asked := q.Prefix
	q.Prefix, q.Paths = nil, true
	var known []string
	for _, o := range options.Build(m, systems, q).Options {
		for i := range o.Path {
			known = append(known, module.ShowOption(o.Path[:i+1]))
		}
	}
	message := fmt.Sprintf("no option `%s` is declared", module.ShowOption(asked))
	if near := repo.Nearest(module.ShowOption(asked), known); near != "" {
		return fmt.Errorf("%s: did you mean `%s`?", message, near)
	}
	if !q.All {
		message += " by the repository; --all looks at inputs too"
	}
	return fmt.Errorf("%s", message)
}

// completeOption completes the last name of the path of an option.
func completeOption(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	const directive = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	var f optionsFlags
	flags := cmd.Flags()
	f.hosts, _ = flags.GetStringSlice("host")
	f.user, _ = flags.GetString("user")
	f.all, _ = flags.GetBool("all")
	f.inputs.overrides, _ = flags.GetStringArray("override-input")
	before := begun[:strings.LastIndexByte(begun, '.')+1]
	path, err := splitAttrPath(strings.TrimSuffix(before, "."))
	if err != nil || len(args) > 0 {
		return nil, directive
	}
	m, systems, err := f.model()
	if err != nil {
		return nil, directive
	}
	var out []string
	for _, o := range options.Build(m, systems, options.Query{Hosts: f.hosts, User: f.user, All: f.all, Prefix: path, Paths: true}).Options {
		if len(o.Path) <= len(path) {
			continue
		}
		word := before + module.ShowOption(o.Path[len(path):len(path)+1])
		if len(o.Path) > len(path)+1 {
			word += "."
		}
		out = append(out, word)
	}
	slices.Sort(out)
	return slices.Compact(out), directive
}
