package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/parallel"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
	nixfmt "github.com/nixlint/nixlint/fmt"
	"github.com/nixlint/nixlint/parser"
)

// fmtFlags are the flags of `nixlint fmt`. Those of nixfmt are among them,
// with the same letters, so that either program can stand in for the other.
type fmtFlags struct {
	settings settingsFlags
	options  nixfmt.Options
	given    func(flag string) bool // whether a flag is on the command line
	check    bool
	diff     bool
	verify   bool
	quiet    bool
	filename string
	lines    string
	jobs     int
}

func newFmt() *cobra.Command {
	var f fmtFlags
	cmd := &cobra.Command{
		Use:   "fmt [PATH…|-]",
		Short: "Format files as the official nixfmt does",
		Long: `Formats files in place, the Nix files of folders, or standard input to standard
output. The result is that of nixfmt 1.4.0, byte for byte, and nixfmt's own options
are accepted. Without PATH, the working directory is formatted.

Width, indent, strict and excluded files come from nixlint.toml; flags win over it.
Files that it excludes are left alone, also those that are named.

Files that are formatted already are not touched. A file with a syntax error is
reported and left as it is; the others go on.

Exit status: 0 all formatted, 1 a file is not formatted (--check, --diff) or has a
syntax error, 2 wrong use or unreadable input.`,
		Example: `  nixlint fmt
  nixlint fmt --check .
  nixlint fmt --diff hosts/toaster
  nixlint fmt - < flake.nix`,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.given = cmd.Flags().Changed
			return format(cmd, args, f)
		},
	}
	flags := cmd.Flags()
	f.settings.addTo(flags)
	flags.IntVarP(&f.options.Width, "width", "w", nixfmt.DefaultWidth, "columns a line may have, not counting its indentation")
	flags.IntVar(&f.options.Indent, "indent", nixfmt.DefaultIndent, "columns of one step of indentation")
	flags.BoolVarP(&f.options.Strict, "strict", "s", false, "lay out independently of where the source breaks lines")
	flags.BoolVarP(&f.check, "check", "c", false, "change nothing; exit with 1 if a file is not formatted")
	flags.BoolVar(&f.diff, "diff", false, "change nothing; print what would change")
	flags.BoolVarP(&f.verify, "verify", "v", false, "check that the result is formatted and means the same")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "do not report files that cannot be formatted")
	flags.StringVar(&f.filename, "stdin-filename", "", "name of the file that standard input is")
	flags.StringVarP(&f.filename, "filename", "f", "", "the same, as nixfmt spells it")
	flags.StringVar(&f.lines, "range", "", "format only the constructs on these lines, as FIRST:LAST from 1")
	flags.IntVarP(&f.jobs, "jobs", "j", 0, "files to work on at once (default: one for each processor)")
	return cmd
}

// formatted is what became of one file.
type formatted struct {
	name    string
	before  string
	after   string
	changed bool
	err     error
}

// format formats what the arguments name.
func format(cmd *cobra.Command, args []string, f fmtFlags) error {
	if f.options.Width < 1 || f.options.Indent < 1 {
		return errors.New("--width and --indent must be at least 1")
	}
	if f.lines != "" {
		if _, _, err := f.lineRange(); err != nil {
			return err
		}
		if len(args) != 1 {
			return errors.New("--range needs exactly one file, or `-`")
		}
	}
	settings, err := f.settings.open()
	if err != nil {
		return err
	}
	if slices.Contains(args, "-") {
		if len(args) > 1 {
			return errors.New("`-` cannot be combined with files")
		}
		return formatInput(cmd, settings, f)
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	var files []toFormat
	for _, a := range args {
		found, err := repo.NixFiles(a)
		if err != nil {
			return err
		}
		for _, name := range found {
			options, excluded, err := f.optionsFor(settings, name)
			if err != nil {
				return err
			}
			if !excluded {
				files = append(files, toFormat{name, options})
			}
		}
	}
	results := parallel.Map(parallel.Workers{Most: f.jobs}, files, func(t *toFormat) formatted { return formatFile(*t, f) })
	var failed error
	for _, r := range results {
		failed = worse(failed, r.report(cmd, f))
	}
	return failed
}

// toFormat is a file to format, and how.
type toFormat struct {
	name    string
	options nixfmt.Options
}

// optionsFor returns how a file is to be formatted, as its settings and the
// flags say, and whether it is excluded.
func (f fmtFlags) optionsFor(c *config.Config, name string) (o nixfmt.Options, excluded bool, err error) {
	s, err := c.For(name)
	if err != nil {
		return o, false, err
	}
	o = f.options
	if !f.given("width") {
		o.Width = s.Width.Value
	}
	if !f.given("indent") {
		o.Indent = s.Indent.Value
	}
	if !f.given("strict") {
		o.Strict = s.Strict.Value
	}
	return o, s.FmtExcluded.Value, nil
}

// layoutOf returns how a file is to be formatted, as its settings say.
func layoutOf(c *config.Config, name string) (nixfmt.Options, error) {
	o, _, err := fmtFlags{given: func(string) bool { return false }}.optionsFor(c, name)
	return o, err
}

// formatFile formats one file, in place unless only to check.
func formatFile(t toFormat, f fmtFlags) formatted {
	data, err := os.ReadFile(t.name)
	if err != nil {
		return formatted{name: t.name, err: err}
	}
	r := formatText(t, string(data), f)
	if r.err == nil && r.changed && !f.check && !f.diff {
		r.err = replaceFile(t.name, r.after)
	}
	return r
}

func formatText(t toFormat, text string, f fmtFlags) formatted {
	r := formatted{name: t.name, before: text}
	if f.lines != "" {
		r.after, r.err = f.formatLines(text, t.options)
	} else {
		r.after, r.err = nixfmt.Format(text, t.options)
	}
	if r.err != nil {
		return r
	}
	r.changed = r.after != text
	if f.verify && f.lines == "" {
		r.err = nixfmt.Verify(text, r.after, t.options)
	}
	return r
}

// lineRange reads the --range flag: the first and the last line, from 1.
func (f fmtFlags) lineRange() (first, last int, err error) {
	if n, _ := fmt.Sscanf(f.lines, "%d:%d", &first, &last); n != 2 || first < 1 || last < first {
		return 0, 0, fmt.Errorf("--range %q: it reads FIRST:LAST, two lines counted from 1", f.lines)
	}
	return first, last, nil
}

// formatLines formats the lines of the --range flag.
func (f fmtFlags) formatLines(text string, o nixfmt.Options) (string, error) {
	first, last, err := f.lineRange()
	if err != nil {
		return "", err
	}
	lines := parser.NewLines(text)
	edit, ok, err := nixfmt.FormatRange(text, parser.Span{Start: lines.Start(first - 1), End: lines.Start(last)}, o)
	if err != nil || !ok {
		return text, err
	}
	return text[:edit.Span.Start] + edit.Text + text[edit.Span.End:], nil
}

// formatInput formats standard input. The text of an excluded file comes out as
// it went in.
func formatInput(cmd *cobra.Command, settings *config.Config, f fmtFlags) error {
	data, err := io.ReadAll(cmd.InOrStdin())
	if err != nil {
		return err
	}
	t := toFormat{name: f.filename}
	if t.name == "" {
		t.name = "<stdin>"
	}
	excluded := false
	if t.options, excluded, err = f.optionsFor(settings, t.name); err != nil {
		return err
	}
	r := formatted{name: t.name, before: string(data), after: string(data)}
	if !excluded {
		r = formatText(t, string(data), f)
	}
	if r.err == nil && !f.check && !f.diff {
		_, err := io.WriteString(cmd.OutOrStdout(), r.after)
		return err
	}
	return r.report(cmd, f)
}

// report prints what became of a file and returns how that counts.
func (r formatted) report(cmd *cobra.Command, f fmtFlags) error {
	var syntax *nixfmt.SyntaxError
	switch {
	case errors.As(r.err, &syntax):
		if !f.quiet {
			fmt.Fprintf(cmd.ErrOrStderr(), "%s:%d:%d: %s\n", r.name, syntax.Line, syntax.Column, syntax.Message)
		}
		return errFindings
	case r.err != nil:
		return fmt.Errorf("%s: %w", r.name, r.err)
	case !r.changed:
		return nil
	case f.diff:
		if err := render.Diff(cmd.OutOrStdout(), r.name, r.before, r.after); err != nil {
			return err
		}
		return errFindings
	case f.check:
		fmt.Fprintf(cmd.ErrOrStderr(), "%s: not formatted\n", r.name)
		return errFindings
	}
	return nil
}

// worse returns the graver of two outcomes: failures before findings.
func worse(a, b error) error {
	if b == nil || a != nil && !errors.Is(a, errFindings) {
		return a
	}
	return b
}
