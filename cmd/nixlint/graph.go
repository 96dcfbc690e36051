package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/graph"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
)

// graphFlags are the flags of `nixlint graph`.
type graphFlags struct {
	format, output string
	hosts          []string
	inputs         inputFlags
	settings       settingsFlags
}

func newGraph() *cobra.Command {
	var f graphFlags
	cmd := &cobra.Command{
		Use:   "graph [PATH]",
		Short: "Show which host imports which module, and which user which home module",
		Long: `Draws the hosts of the repository around PATH (default: the working directory), the modules
they import by category, the home-manager users and their modules. Modules that nothing
names and imports that lead nowhere stand out.

The format follows the name of the output file unless --format is given. An SVG opens in
any browser; pointing at a host, user or module shows what it is connected to.`,
		Example: `  nixlint graph -o modules.svg
  nixlint graph --host toaster -o toaster.svg
  nixlint graph --format mermaid >> docs/ARCHITECTURE.md
  nixlint graph --format dot | dot -Tpdf > modules.pdf`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := "."
			if len(args) > 0 {
				path = args[0]
			}
			return drawGraph(cmd, path, f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "", "output format: "+strings.Join(graph.Formats, ", ")+" (default svg)")
	flags.StringVarP(&f.output, "output", "o", "", "write to this file instead of standard output")
	flags.StringSliceVar(&f.hosts, "host", nil, "show only these hosts and what they import")
	f.inputs.addTo(flags)
	f.settings.addTo(flags)
	return cmd
}

func drawGraph(cmd *cobra.Command, path string, f graphFlags) error {
	format := f.format
	if format == "" {
		format = formatOf(f.output)
	}
	if !slices.Contains(graph.Formats, format) {
		return fmt.Errorf("unknown format %q: it is one of %s", format, strings.Join(graph.Formats, ", "))
	}
	settings, err := f.settings.open()
	if err != nil {
		return err
	}
	r, err := f.inputs.open(path, settings)
	if err != nil {
		return err
	}
	m := r.Model()
	var known []string
	for _, h := range m.Hosts {
		known = append(known, h.Name)
	}
	if len(known) == 0 {
		return fmt.Errorf("no hosts: evaluation of the flake in %s finds no nixosSystem in nixosConfigurations", r.Root)
	}
	for _, name := range f.hosts {
		if slices.Contains(known, name) {
			continue
		}
		if near := repo.Nearest(name, known); near != "" {
			return fmt.Errorf("unknown host %q: did you mean %q?", name, near)
		}
		return fmt.Errorf("unknown host %q; there are %s", name, strings.Join(known, ", "))
	}
	findings, err := rules.Check(r, config.New(config.Options{Rules: rules.Catalogue(), Select: graph.Rules}), 0)
	if err != nil {
		return err
	}
	g := graph.Build(m, findings, f.hosts)
	var out strings.Builder
	if err := g.Write(&out, format); err != nil {
		return err
	}
	if f.output == "" {
		_, err := io.WriteString(cmd.OutOrStdout(), out.String())
		return err
	}
	return writeOutput(f.output, out.String())
}

// formatOf returns the format that the name of a file stands for.
func formatOf(name string) string {
	switch filepath.Ext(name) {
	case ".dot", ".gv":
		return "dot"
	case ".mmd", ".mermaid":
		return "mermaid"
	case ".json":
		return "json"
	}
	return "svg"
}

// writeOutput writes a file at once, as replaceFile does, if need be a new one.
func writeOutput(name, content string) error {
	err := createFile(name, content)
	if errors.Is(err, os.ErrExist) {
		return replaceFile(name, content)
	}
	return err
}
