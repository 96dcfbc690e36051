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
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
)

// checkFlags are the flags of `nixlint check`.
type checkFlags struct {
	output    outputFlags
	settings  settingsFlags
	inputs    inputFlags
	failOn    string
	stdinName string
	jobs      int
	fix       fixFlags
	known     baselineFlags
	since     string // the revision that --changed-since names
	ignore    ignoreFlags
	watch     bool
	progress  io.Writer // where long work shows that it goes on
}

func newCheck() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [PATH…|-]",
		Short: "Check the repository and print findings",
		Long: `Checks the repository around each PATH (default: the working directory) and prints
the findings for the files at and below PATH. With - the text of one file is read from
standard input; --stdin-filename says which file of the repository it is.`,
		Example: `  nixlint check
  nixlint check hosts/toaster users
  nixlint check --format json > findings.json
  nixlint check --fix
  nixlint check --unsafe-fixes --diff
  nixlint check --select modules --fail-on error
  nixlint check --override-input disko=../disko
  nixlint check --changed-since origin/main
  nixlint check --write-baseline
  nixlint check --watch
  nixlint check --stdin-filename hosts/toaster/default.nix - < buffer`,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.output.style = styleOf(cmd.OutOrStdout())
			f.progress = cmd.ErrOrStderr()
			if f.watch {
				return watchCheck(cmd, args, f)
			}
			return check(cmd, args, f)
		},
	}
	flags := cmd.Flags()
	f.output.register(flags)
	f.settings.addTo(flags)
	f.settings.addRulesTo(flags)
	f.inputs.addTo(flags)
	addHardwareTo(flags, &f.settings.options.Hardware)
	flags.StringVar(&f.failOn, "fail-on", "warning", "exit with 1 from this severity on: error, warning, info, never")
	flags.StringVar(&f.stdinName, "stdin-filename", "", "the file that standard input is the text of")
	flags.BoolVar(&f.fix.safe, "fix", false, "apply the fixes that certainly keep the meaning")
	flags.BoolVar(&f.fix.unsafe, "unsafe-fixes", false, "apply the other fixes too")
	flags.BoolVar(&f.fix.diff, "diff", false, "show what fixes would change and change nothing")
	f.known.addTo(flags)
	flags.StringVar(&f.since, "changed-since", "", "report only findings on lines that have changed since this revision, or since the present branch left it")
	f.ignore.addTo(flags)
	flags.BoolVar(&f.watch, "watch", false, "check again whenever files change, until interrupted")
	flags.IntVarP(&f.jobs, "jobs", "j", 0, "files to work on at once (default: one for each processor)")
	return cmd
}

// check checks the repositories of all paths, each once.
func check(cmd *cobra.Command, paths []string, f checkFlags) error {
	if err := f.output.validate(); err != nil {
		return err
	}
	if f.fix.diff && (f.output.file != "" || f.output.statistics) {
		return errors.New("--diff prints changes and no findings: it cannot be combined with --output-file or --statistics")
	}
	if f.ignore.add && (f.fix.any() || f.known.write) {
		return errors.New("--add-ignore cannot be combined with fixes or with --write-baseline")
	}
	threshold := diagnostic.Error + 1
	if f.failOn != "never" {
		var err error
		if threshold, err = diagnostic.ParseSeverity(f.failOn); err != nil {
			return fmt.Errorf("--fail-on: %w", err)
		}
	}
	settings, err := f.settings.open()
	if err != nil {
		return err
	}
	if err := settings.Hardware().Validate(); err != nil {
		return err
	}
	workdir, err := os.Getwd()
	if err != nil {
		return err
	}
	if slices.Contains(paths, "-") {
		return checkInput(cmd, settings, paths, workdir, threshold, f)
	}
	roots, byRoot, err := groupByRoot(paths)
	if err != nil {
		return err
	}
	failed := false
	var reports []*render.Report
	for _, root := range roots {
		var report *render.Report
		var err error
		switch {
		case f.ignore.add:
			report, err = ignoreRoot(settings, root, byRoot[root], workdir, f)
		case f.fix.any():
			report, err = fixRoot(cmd, settings, root, byRoot[root], workdir, f)
		default:
			report, err = checkRoot(settings, root, byRoot[root], workdir, nil, f)
		}
		if errors.Is(err, errFindings) {
			failed = true
			continue
		}
		if err != nil {
			return err
		}
		if err := f.narrow(settings, root, byRoot[root], report); err != nil {
			return err
		}
		reports = append(reports, report)
		failed = failed || reaches(report, threshold)
	}
	if err := f.write(cmd, workdir, reports...); err != nil {
		return err
	}
	if failed {
		return errFindings
	}
	return nil
}

// narrow leaves in a report on the repository at root what is to be reported: on
// lines that have changed, and not known already.
func (f checkFlags) narrow(settings *config.Config, root string, paths []string, report *render.Report) error {
	if f.since != "" {
		if err := keepChanged(root, f.since, report); err != nil {
			return err
		}
	}
	inside, err := below(settings, root, paths)
	if err != nil {
		return err
	}
	return f.known.apply(settings, root, report, inside, f.progress)
}

// groupByRoot returns the roots of the repositories that paths belong to, in the
// order of the paths, and the paths of each. No path is the working directory.
func groupByRoot(paths []string) (roots []string, byRoot map[string][]string, err error) {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	byRoot = make(map[string][]string)
	for _, p := range paths {
		root, err := repo.FindRoot(p)
		if err != nil {
			return nil, nil, err
		}
		if byRoot[root] == nil {
			roots = append(roots, root)
		}
		byRoot[root] = append(byRoot[root], p)
	}
	return roots, byRoot, nil
}

// write prints reports as the flags say. With --diff the changes have been
// printed, and the findings are left out.
func (f checkFlags) write(cmd *cobra.Command, workdir string, reports ...*render.Report) error {
	if f.fix.diff {
		return nil
	}
	return f.output.write(cmd.OutOrStdout(), workdir, reports)
}

// reaches reports whether anything was found that is as bad as the threshold.
func reaches(r *render.Report, threshold diagnostic.Severity) bool {
	return slices.ContainsFunc(r.Findings, func(d diagnostic.Diagnostic) bool { return d.Severity >= threshold })
}

// checkInput checks standard input as if it were the text of a file, which
// need not exist.
func checkInput(cmd *cobra.Command, settings *config.Config, paths []string, workdir string, threshold diagnostic.Severity, f checkFlags) error {
	if len(paths) > 1 {
		return errors.New("`-` cannot be combined with paths")
	}
	if f.fix.any() {
		return errors.New("`-` cannot be combined with fixes")
	}
	name := f.stdinName
	if name == "" {
		name = "stdin.nix"
	}
	if filepath.Ext(name) != ".nix" {
		return fmt.Errorf("--stdin-filename %q: only .nix files are checked", name)
	}
	text, err := io.ReadAll(cmd.InOrStdin())
	if err != nil {
		return err
	}
	root, err := repo.FindRoot(filepath.Dir(name))
	if err != nil {
		return err
	}
	report, err := checkRoot(settings, root, []string{name}, workdir, text, f)
	if err != nil {
		return err
	}
	if err := f.narrow(settings, root, paths[:0], report); err != nil {
		return err
	}
	if err := f.write(cmd, workdir, report); err != nil {
		return err
	}
	if reaches(report, threshold) {
		return errFindings
	}
	return nil
}

// checkRoot checks one repository and keeps the findings at and below the
// paths. A text that is not nil stands for what the one path holds.
func checkRoot(settings *config.Config, root string, paths []string, workdir string, text []byte, f checkFlags) (*render.Report, error) {
	defer startProgress(f.progress, "checking "+filepath.Base(root))()
	options, err := f.inputs.options(root, settings)
	if err != nil {
		return nil, err
	}
	options.Jobs = f.jobs
	if text != nil {
		abs, err := filepath.Abs(paths[0])
		if err != nil {
			return nil, err
		}
		rel, err := filepath.Rel(root, abs)
		if err != nil {
			return nil, err
		}
		options.Overlay = map[string]string{filepath.ToSlash(rel): string(text)}
	}
	inside, err := below(settings, root, paths)
	if err != nil {
		return nil, err
	}
	options.Lazy = !inside(".")
	r, err := repo.Open(root, options)
	if err != nil {
		return nil, err
	}
	settings.Listed(r)
	if settings.Hardware().Host != "" {
		if err := settings.Hardware().CheckHost(r.Model()); err != nil {
			return nil, err
		}
	}
	var model *repo.Model
	findings, err := rules.CheckOnly(r, func() *repo.Model { model = r.ModelInGroups(); return model }, settings, f.jobs, inside)
	if err != nil {
		return nil, err
	}
	if model != nil {
		for _, clause := range model.Exceeded() {
			fmt.Fprintf(f.progress, "nixlint: %s: what depends on that is not checked\n", clause)
		}
	}
	for p := range r.Paths() {
		if !inside(p) {
			continue
		}
		if err := r.File(p).Err; err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Join(root, p), err)
		}
	}
	return reportOn(r, workdir, f, inside, findings), nil
}

// reportOn makes the report of a repository's findings in the files for which
// inside is true.
func reportOn(r *repo.Repo, workdir string, f checkFlags, inside func(file string) bool, findings []diagnostic.Diagnostic) *render.Report {
	report := &render.Report{
		Text: func(file string) string {
			text, _ := r.Text(file)
			return text
		},
		Show: render.ShowRelative(r.Root, f.output.dir(workdir)),
	}
	for p := range r.Paths() {
		if inside(p) {
			report.Files++
		}
	}
	for _, d := range findings {
		if inside(d.File) {
			report.Findings = append(report.Findings, d)
		}
	}
	return report
}

// below returns a function that reports whether a file of the repository at root
// is at or below one of the paths, and not excluded by the settings.
func below(settings *config.Config, root string, paths []string) (func(file string) bool, error) {
	var scopes []string
	for _, p := range paths {
		rel, err := repo.Relative(root, p)
		if err != nil {
			return nil, err
		}
		scopes = append(scopes, rel)
	}
	root = filepath.Clean(root)
	return func(file string) bool {
		if !slices.ContainsFunc(scopes, func(s string) bool { return s == "." || s == file || strings.HasPrefix(file, s+"/") }) {
			return false
		}
		// Settings that cannot be read are told once the rules are to run.
		s, err := settings.In(root, file)
		return err != nil || !s.CheckExcluded.Value
	}, nil
}
