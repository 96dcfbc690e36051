package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
)

func newRules() *cobra.Command {
	return &cobra.Command{
		Use:   "rules",
		Short: "List the rules",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			for _, r := range rules.All() {
				on := ""
				if !r.Default {
					on = " (off by default)"
				}
				fmt.Fprintf(w, "%s\t%s\t%s\t%s%s\n", r.Name, r.Group, r.Severity, r.Summary, on)
			}
			return w.Flush()
		},
	}
}

func newExplain() *cobra.Command {
	return &cobra.Command{
		Use:     "explain RULE",
		Short:   "Print the documentation of a rule",
		Example: "  nixlint explain module-path-unresolved",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r := rules.ByName(args[0])
			if r == nil {
				return unknownRule(args[0], ruleNames())
			}
			_, err := fmt.Fprint(cmd.OutOrStdout(), r.Markdown())
			return err
		},
	}
}

func ruleNames() []string {
	var names []string
	for _, r := range rules.All() {
		names = append(names, r.Name)
	}
	return names
}

func unknownRule(name string, known []string) error {
	if near := repo.Nearest(name, known); near != "" {
		return fmt.Errorf("unknown rule `%s`: did you mean `%s`?", name, near)
	}
	return fmt.Errorf("unknown rule `%s`; there are %s", name, strings.Join(known, ", "))
}
