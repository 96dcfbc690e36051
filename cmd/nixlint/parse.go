package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
	"github.com/nixlint/nixlint/parser"
)

func newParse() *cobra.Command {
	var tree bool
	var format string
	cmd := &cobra.Command{
		Use:   "parse FILE…",
		Short: "Print syntax errors, or the syntax tree",
		Example: `  nixlint parse flake.nix
  echo '{ a = 1 }' | nixlint parse -
  nixlint parse --tree default.nix`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			report := &render.Report{Files: len(args), Show: func(file string) string { return file }}
			texts := make(map[string]string)
			report.Text = func(file string) string { return texts[file] }
			for _, name := range args {
				text, err := readInput(name, cmd.InOrStdin())
				if err != nil {
					return err
				}
				texts[name] = text
				t := parser.Parse(text)
				if tree {
					fmt.Fprint(cmd.OutOrStdout(), t.Dump())
				}
				report.Findings = append(report.Findings, diagnostic.FromSyntax(name, t)...)
			}
			if tree && len(report.Findings) == 0 {
				return nil
			}
			workdir, err := os.Getwd()
			if err != nil {
				return err
			}
			output := outputFlags{format: format, style: styleOf(cmd.OutOrStdout())}
			if err := output.write(cmd.OutOrStdout(), workdir, []*render.Report{report}); err != nil {
				return err
			}
			if len(report.Findings) > 0 {
				return errFindings
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&tree, "tree", false, "print the syntax tree")
	cmd.Flags().StringVar(&format, "format", "human", "output format: "+strings.Join(render.Formats(), ", "))
	return cmd
}

// readInput reads a file, or standard input for "-".
func readInput(name string, stdin io.Reader) (string, error) {
	if name == "-" {
		data, err := io.ReadAll(stdin)
		return string(data), err
	}
	data, err := os.ReadFile(name)
	return string(data), err
}
