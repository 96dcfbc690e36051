package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
	"github.com/nixlint/nixlint/parser"
)

func newRules() *cobra.Command {
	var f settingsFlags
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List the rules",
		Long: `Lists the rules: nixlint's own and those that the settings in force for the working
directory define.`,
		Example: `  nixlint rules
  nixlint rules test`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			known, err := f.rules()
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			for _, r := range known {
				on := ""
				if !r.Default {
					on = " (off by default)"
				}
				fmt.Fprintf(w, "%s\t%s\t%s\t%s%s\n", r.Name, r.Group, r.Severity, r.Summary, on)
			}
			return w.Flush()
		},
	}
	f.addTo(cmd.Flags())
	cmd.AddCommand(newRulesTest())
	return cmd
}

func newExplain() *cobra.Command {
	var f settingsFlags
	cmd := &cobra.Command{
		Use:     "explain RULE",
		Short:   "Print the documentation of a rule",
		Example: "  nixlint explain module-path-unresolved",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r := rules.ByName(args[0])
			if r == nil {
				known, err := f.rules()
				if err != nil {
					return err
				}
				i := slices.IndexFunc(known, func(r *rules.Rule) bool { return r.Name == args[0] })
				if i < 0 {
					return unknownRule(args[0], namesOf(known))
				}
				r = known[i]
			}
			_, err := fmt.Fprint(cmd.OutOrStdout(), r.Markdown())
			return err
		},
	}
	f.addTo(cmd.Flags())
	return cmd
}

// here returns the settings for the working directory.
func (f *settingsFlags) here() (*config.Settings, error) {
	c, err := f.open()
	if err != nil {
		return nil, err
	}
	return c.Repository(".")
}

// rules returns all rules, those that the settings for the working directory
// define among them.
func (f *settingsFlags) rules() ([]*rules.Rule, error) {
	s, err := f.here()
	if err != nil {
		return nil, err
	}
	return slices.Concat(rules.All(), rules.User(s)), nil
}

func namesOf(known []*rules.Rule) []string {
	var names []string
	for _, r := range known {
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

func newRulesTest() *cobra.Command {
	var f settingsFlags
	return &cobra.Command{
		Use:   "test [FILE…]",
		Short: "Run the tests of your own rules",
		Long: `Runs the tests of the rules that FILEs named nixlint.toml define, or those in force for
the working directory: the tables [[rule.test]]. Exit status: 0 all succeed, 1 some fail.`,
		Example: `  nixlint rules test
  nixlint rules test hosts/nixlint.toml`,
		RunE: func(cmd *cobra.Command, files []string) error {
			var own []config.UserRule
			for _, file := range files {
				f.options.File = file
				s, err := f.here()
				if err != nil {
					return err
				}
				own = append(own, s.UserRules...)
			}
			if len(files) == 0 {
				s, err := f.here()
				if err != nil {
					return err
				}
				own = s.UserRules
			}
			return runRuleTests(cmd.OutOrStdout(), own)
		},
	}
}

// runRuleTests runs the tests of rules and prints those that fail.
func runRuleTests(out io.Writer, own []config.UserRule) error {
	tests, failed := 0, 0
	for _, u := range own {
		tests += len(u.Tests)
		if len(u.Tests) == 0 {
			fmt.Fprintf(out, "`%s` has no tests\n", u.Name)
		}
		code := make(map[config.Pos]string)
		for _, t := range u.Tests {
			code[t.Pos] = t.Code
		}
		for _, failure := range rules.RunTests(u) {
			failed++
			if err := printTestFailure(out, failure, code[failure.Pos]); err != nil {
				return err
			}
		}
	}
	if failed > 0 {
		fmt.Fprintf(out, "%d of %d tests fail\n", failed, tests)
		return errFindings
	}
	fmt.Fprintf(out, "%d tests succeed\n", tests)
	return nil
}

// printTestFailure prints a test that fails, with the lines of its code in which the
// rule finds something.
func printTestFailure(out io.Writer, f rules.Failure, code string) error {
	at := config.Error{File: f.File, Pos: f.Pos, Message: fmt.Sprintf("`%s`: %s", f.Rule, f.Message)}
	for _, line := range describeError(config.Errors{&at}) {
		fmt.Fprintln(out, line)
	}
	if f.Want != "" {
		return render.Diff(out, "fixed", f.Want, f.Got)
	}
	lines := parser.NewLines(code)
	for _, s := range f.Found {
		line, column := lines.Position(s.Start)
		fmt.Fprintf(out, "  found at %d:%d of the code: %s\n", line+1, column+1, shortened(code[s.Start:s.End]))
	}
	return nil
}
