package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/parallel"
	"github.com/nixlint/nixlint/analysis/pattern"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
	"github.com/nixlint/nixlint/parser"
)

// searchFlags are the flags of `nixlint search`.
type searchFlags struct {
	settings settingsFlags
	spec     pattern.Spec
	where    []string // NAME=REGEXP
	kind     []string // NAME=KIND
	write    bool
	diff     bool
	jobs     int
}

func newSearch() *cobra.Command {
	var f searchFlags
	cmd := &cobra.Command{
		Use:   "search PATTERN [PATH…]",
		Short: "Find code by example, and rewrite it",
		Long: `Looks for code that matches PATTERN in the files at and below each PATH (default: the
working directory). A pattern is Nix in which $A stands for any expression or name, $_ for
anything and $$$XS for any number of elements, arguments or bindings. With --rewrite the
code is replaced; what would change is shown, and made only with --write. Comments are not
lost: where one is in the way, the code stays.

Exit status: 0 found, 1 nothing found, 2 wrong use.`,
		Example: `  nixlint search 'import <nixpkgs> $A'
  nixlint search 'services.$S.enable = true;' hosts
  nixlint search --kind 'S=string' --where 'S=^"http://' '$S'
  nixlint search 'pkgs.callPackage $F { }' --rewrite 'callPackage $F { }' --write`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return search(cmd, args[0], args[1:], f) },
	}
	flags := cmd.Flags()
	f.settings.addTo(flags)
	flags.StringVar(&f.spec.Fix, "rewrite", "", "the code to put in its place")
	flags.BoolVar(&f.write, "write", false, "change the files")
	flags.BoolVar(&f.diff, "diff", false, "show what would change; so it is without --write")
	flags.StringArrayVar(&f.where, "where", nil, "what the code that a metavariable stands for must match: NAME=REGEXP")
	flags.StringArrayVar(&f.kind, "kind", nil, "what kind of code a metavariable stands for: NAME="+strings.Join(pattern.KindNames(), "|"))
	flags.StringVar(&f.spec.Inside, "inside", "", "a pattern that something around the code must match")
	flags.StringVar(&f.spec.NotInside, "not-inside", "", "a pattern that nothing around the code may match")
	flags.IntVarP(&f.jobs, "jobs", "j", 0, "files to work on at once (default: one for each processor)")
	return cmd
}

// search looks for a pattern in files, and rewrites them if the flags say so.
func search(cmd *cobra.Command, text string, paths []string, f searchFlags) error {
	f.spec.Pattern = text
	var err error
	if f.spec.Where, err = byName("where", f.where); err != nil {
		return err
	}
	if f.spec.Kind, err = byName("kind", f.kind); err != nil {
		return err
	}
	query, err := pattern.Compile(f.spec)
	if err != nil {
		return err
	}
	if (f.write || f.diff) && query.Fix() == nil {
		return errors.New("--write and --diff are about --rewrite")
	}
	if f.write && f.diff {
		return errors.New("--write and --diff exclude each other")
	}
	files, err := f.files(paths)
	if err != nil {
		return err
	}
	found := false
	var failed error
	for _, s := range parallel.Map(parallel.Workers{Most: f.jobs}, files, func(name *string) searched { return searchFile(*name, query) }) {
		found = found || len(s.places) > 0
		if err := s.report(cmd, f); err != nil {
			fmt.Fprintf(cmd.ErrOrStderr(), "nixlint: %v\n", err)
			failed = errFailure
		}
	}
	switch {
	case failed != nil:
		return failed
	case !found:
		return errFindings
	}
	return nil
}

// byName reads the values NAME=TEXT of a flag.
func byName(flag string, values []string) (map[string]string, error) {
	out := make(map[string]string)
	for _, v := range values {
		name, text, ok := strings.Cut(v, "=")
		if !ok {
			return nil, fmt.Errorf("--%s takes NAME=%s, not `%s`", flag, strings.ToUpper(flag), v)
		}
		out[strings.TrimPrefix(name, "$")] = text
	}
	return out, nil
}

// files returns the files to look at, those left out that the settings exclude.
func (f *searchFlags) files(paths []string) ([]string, error) {
	settings, err := f.settings.open()
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	var files []string
	for _, p := range paths {
		found, err := repo.NixFiles(p)
		if err != nil {
			return nil, err
		}
		for _, name := range found {
			s, err := settings.For(name)
			if err != nil {
				return nil, err
			}
			if !s.CheckExcluded.Value {
				files = append(files, name)
			}
		}
	}
	return files, nil
}

// searched is what was found in a file.
type searched struct {
	name   string
	text   string
	places []diagnostic.Diagnostic
	after  string // the text as rewriting leaves it
	err    error
}

func searchFile(name string, query *pattern.Query) searched {
	data, err := os.ReadFile(name)
	if err != nil {
		return searched{name: name, err: err}
	}
	s := searched{name: name, text: string(data), after: string(data)}
	t := parser.Parse(s.text)
	if t.HasSyntaxErrors() {
		s.err = fmt.Errorf("%s has syntax errors and is left out", name)
		return s
	}
	if s.places = rules.Search(t, query); len(s.places) > 0 && query.Fix() != nil {
		s.after, _ = rules.Rewrite(s.text, query)
	}
	return s
}

// report prints the places in a file, or what rewriting makes of it.
func (s *searched) report(cmd *cobra.Command, f searchFlags) error {
	if s.err != nil || len(s.places) == 0 {
		return s.err
	}
	out := cmd.OutOrStdout()
	lines := parser.NewLines(s.text)
	for _, d := range s.places {
		line, column := lines.Position(d.Span.Start)
		at := fmt.Sprintf("%s:%d:%d", s.name, line+1, column+1)
		switch {
		case f.spec.Fix == "":
			fmt.Fprintf(out, "%s: %s\n", at, shortened(s.text[d.Span.Start:d.Span.End]))
		case d.Fix == nil:
			fmt.Fprintf(cmd.ErrOrStderr(), "nixlint: %s is left as it is: a comment would be lost, or the new code does not fit there\n", at)
		}
	}
	if s.after == s.text {
		return nil
	}
	if f.write {
		return replaceFile(s.name, s.after)
	}
	return render.Diff(out, s.name, s.text, s.after)
}

// shownCode is the number of characters of code that one line shows.
const shownCode = 100

// shortened puts code on one line.
func shortened(code string) string {
	code = strings.Join(strings.Fields(code), " ")
	if utf8.RuneCountInString(code) > shownCode {
		code = string([]rune(code)[:shownCode-1]) + "…"
	}
	return code
}
