package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
)

func newConfig() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Tell which settings are in force, and what settings there are",
	}
	cmd.AddCommand(newConfigShow(), newConfigSchema())
	return cmd
}

func newConfigSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON schema of nixlint.toml",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(config.Schema(rules.Catalogue()))
			return err
		},
	}
}

// showFormats are the formats of `nixlint config show`.
var showFormats = []string{"human", "json"}

func newConfigShow() *cobra.Command {
	var f settingsFlags
	var format string
	cmd := &cobra.Command{
		Use:   "show [FILE]",
		Short: "Print the settings in force for a file and where each comes from",
		Long: `Prints the settings in force for FILE, which need not exist, or for a folder (default:
the working directory), and where each of them comes from. Flags of nixlint check that
choose rules are taken into account.`,
		Example: `  nixlint config show hosts/toaster/default.nix
  nixlint config show --format json flake.nix
  nixlint config show --select names flake.nix`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(showFormats, format) {
				return fmt.Errorf("unknown format %q: it is one of %s", format, strings.Join(showFormats, ", "))
			}
			shown, err := f.show(args)
			if err != nil {
				return err
			}
			if format == "json" {
				e := json.NewEncoder(cmd.OutOrStdout())
				e.SetEscapeHTML(false)
				e.SetIndent("", "  ")
				return e.Encode(shown)
			}
			return shown.write(cmd.OutOrStdout())
		},
	}
	f.addTo(cmd.Flags())
	f.addRulesTo(cmd.Flags())
	cmd.Flags().StringVar(&format, "format", "human", "output format: "+strings.Join(showFormats, ", "))
	return cmd
}

// shownSettings is what `nixlint config show` prints, and its JSON form.
type shownSettings struct {
	Version       int            `json:"version"`
	File          string         `json:"file"`
	SettingsFiles []string       `json:"settingsFiles"` // the outermost first
	Settings      []shownSetting `json:"settings"`
	Rules         []shownRule    `json:"rules"`
}

type shownSetting struct {
	Key   string      `json:"key"`
	Value any         `json:"value"`
	From  shownOrigin `json:"from"`
}

type shownRule struct {
	Name string `json:"name"`
	On   bool   `json:"on"`
	// Severity is that of the rule unless SeverityFrom is there: the findings
	// of some rules differ from it.
	Severity     string       `json:"severity"`
	From         shownOrigin  `json:"from"`
	SeverityFrom *shownOrigin `json:"severityFrom,omitempty"`
}

// shownOrigin is where a setting comes from: kind is default, preset, file or
// flag.
type shownOrigin struct {
	Kind   string `json:"kind"`
	Name   string `json:"name,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`

	text string
}

// show finds the settings for the file that the arguments name.
func (f *settingsFlags) show(args []string) (*shownSettings, error) {
	c, err := f.open()
	if err != nil {
		return nil, err
	}
	name := "."
	if len(args) > 0 {
		name = args[0]
	}
	var s *config.Settings
	if info, statErr := os.Stat(name); statErr == nil && info.IsDir() {
		s, err = c.Repository(name)
	} else {
		s, err = c.For(name)
	}
	if err == nil {
		err = c.UnknownFlags()
	}
	if err != nil {
		return nil, err
	}
	workdir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	show := render.ShowRelative("/", workdir)
	origin := func(o config.Origin) shownOrigin {
		kind := string(o.Kind)
		switch o.Kind {
		case config.FromDefault:
			kind = "default"
		case config.FromFile:
			o.Name = show(o.Name)
		}
		return shownOrigin{kind, o.Name, o.Line, o.Column, o.String()}
	}
	out := &shownSettings{Version: 1, File: filepath.Clean(name), SettingsFiles: []string{}}
	for _, file := range s.Files {
		out.SettingsFiles = append(out.SettingsFiles, show(file))
	}
	for _, v := range s.Shown() {
		if v.IsPath && v.Value != "" {
			v.Value = show(v.Value.(string))
		}
		out.Settings = append(out.Settings, shownSetting{v.Key, v.Value, origin(v.From)})
	}
	add := func(name, severity string) {
		set := s.Rules[name]
		r := shownRule{Name: name, On: set.On, Severity: severity, From: origin(set.From)}
		if set.Severity != 0 {
			from := origin(set.SeverityFrom)
			r.Severity, r.SeverityFrom = set.Severity.String(), &from
		}
		out.Rules = append(out.Rules, r)
	}
	for _, r := range rules.All() {
		add(r.Name, r.Severity.String())
	}
	for _, u := range s.UserRules {
		add(u.Name, u.Severity.String())
	}
	return out, nil
}

// write prints the settings for people.
func (s *shownSettings) write(out io.Writer) error {
	files := strings.Join(s.SettingsFiles, ", ")
	if files == "" {
		files = "no " + config.FileName
	}
	fmt.Fprintf(out, "%s: %s\n\n", s.File, files)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, v := range s.Settings {
		value := v.Value
		if value == "" {
			value = "-"
		}
		fmt.Fprintf(w, "%s\t%v\t%s\n", v.Key, value, v.From.text)
	}
	fmt.Fprintln(w)
	for _, r := range s.Rules {
		level := "off"
		if r.On {
			level = r.Severity
		}
		from := r.From.text
		if r.On && r.SeverityFrom != nil && r.SeverityFrom.text != from {
			from += ", severity: " + r.SeverityFrom.text
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", r.Name, level, from)
	}
	return w.Flush()
}
