package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
)

func newInit() *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a first nixlint.toml, a pre-commit hook and editor hints",
		Long: `Writes into the root of the repository around DIR (default: the working directory):
nixlint.toml, .pre-commit-config.yaml if it is a Git repository, and .editorconfig.
A file that exists already is left as it is.`,
		Example: `  nixlint init
  nixlint init --dry-run ~/nixos`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			return initialise(cmd, dir, dryRun)
		},
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "print what would be written and write nothing")
	return cmd
}

// newFile is a file to write.
type newFile struct{ name, content string }

func initialise(cmd *cobra.Command, dir string, dryRun bool) error {
	root, err := repo.FindRoot(dir)
	if err != nil {
		return err
	}
	settings, err := config.New(config.Options{Rules: rules.Catalogue()}).Repository(root)
	if err != nil {
		return err
	}
	files := []newFile{{filepath.Join(root, config.FileName), firstSettings}}
	top := gitRoot(root)
	if top != "" {
		files = append(files, newFile{filepath.Join(top, ".pre-commit-config.yaml"), preCommitConfig})
	}
	hints := newFile{filepath.Join(root, ".editorconfig"), fmt.Sprintf(editorHints, settings.Indent.Value)}
	if !hasEditorHints(root, top) {
		files = append(files, hints)
	}
	workdir, err := os.Getwd()
	if err != nil {
		return err
	}
	show := render.ShowRelative("/", workdir)
	for _, f := range files {
		if err := f.write(cmd.OutOrStdout(), show(f.name), dryRun); err != nil {
			return err
		}
	}
	return nil
}

// write writes the file unless there is one, and says what became of it.
func (f newFile) write(out io.Writer, shown string, dryRun bool) error {
	if dryRun {
		if _, err := os.Lstat(f.name); err == nil {
			_, err := fmt.Fprintf(out, "would leave %s as it is\n", shown)
			return err
		}
		_, err := fmt.Fprintf(out, "would write %s:\n\n  %s\n\n", shown, strings.ReplaceAll(strings.TrimSpace(f.content), "\n", "\n  "))
		return err
	}
	err := createFile(f.name, f.content)
	switch {
	case errors.Is(err, os.ErrExist):
		_, err = fmt.Fprintf(out, "left %s as it is\n", shown)
	case err == nil:
		_, err = fmt.Fprintf(out, "wrote %s\n", shown)
	}
	return err
}

// gitRoot returns the nearest folder at or above dir that holds .git, or "".
func gitRoot(dir string) string {
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// hasEditorHints reports whether there is an .editorconfig above root, but not
// above the root of the Git repository.
func hasEditorHints(root, top string) bool {
	for dir := root; dir != top && top != ""; {
		dir = filepath.Dir(dir)
		if _, err := os.Lstat(filepath.Join(dir, ".editorconfig")); err == nil {
			return true
		}
	}
	return false
}

const firstSettings = `#:schema ` + config.SchemaURL + `
# Settings of nixlint. All of them can be left out; docs/configuration.md in
# nixlint's repository describes them, ` + "`nixlint config show`" + ` says what is in force.

# Neither checked nor formatted:
# exclude = ["vendor", "**/*.generated.nix"]

[check]
preset = "recommended" # or strict, statix, nixpkgs, all
# ignore = ["eta-reduction"]
# severity = { unused-formal = "info" }

# Other rules for some files:
# [check.per-file."hosts/**"]
# extend-select = ["shadowed-binding"]

[fmt]
# width = 100
# indent = 2
`

const preCommitConfig = `# https://pre-commit.com; nixlint has to be installed.
repos:
  - repo: local
    hooks:
      - id: nixlint-fmt
        name: nixlint fmt
        language: system
        entry: nixlint fmt
        files: \.nix$
      - id: nixlint-check
        name: nixlint check
        language: system
        entry: nixlint check
        files: (\.nix$|^flake\.lock$|^nixlint\.toml$)
        pass_filenames: false # a name that is changed in one file is wrong in another
`

// Blanks at the ends of lines are left alone: in strings they mean something.
const editorHints = `[*.nix]
charset = utf-8
end_of_line = lf
indent_style = space
indent_size = %d
insert_final_newline = true
`
