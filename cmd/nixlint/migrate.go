package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/migrate"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
)

// migrateFlags are the flags of `nixlint migrate`.
type migrateFlags struct{ dryRun, force bool }

func newMigrate() *cobra.Command {
	var f migrateFlags
	cmd := &cobra.Command{
		Use:   "migrate [DIR]",
		Short: "Make a nixlint.toml of the settings of statix, deadnix, treefmt and pre-commit",
		Long: `Reads what the repository around DIR (default: the working directory) says of statix,
deadnix, nixf-diagnose, nixfmt, alejandra and nixpkgs-fmt, and writes a nixlint.toml that
says the same. It looks into statix.toml, alejandra.toml, treefmt.toml,
.pre-commit-config.yaml, and the settings of treefmt-nix and git-hooks.nix in Nix files as
far as they are written out.

What could not be carried over is printed. The files that were read are left as they are.`,
		Example: `  nixlint migrate --dry-run
  nixlint migrate`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			return migrateSettings(cmd, dir, f)
		},
	}
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "print the nixlint.toml and write nothing")
	cmd.Flags().BoolVar(&f.force, "force", false, "overwrite a nixlint.toml that exists")
	return cmd
}

func migrateSettings(cmd *cobra.Command, dir string, f migrateFlags) error {
	r, err := repo.Open(dir, repo.Options{})
	if err != nil {
		return err
	}
	result, err := migrate.Read(r, namesOf(rules.All()))
	if err != nil {
		return err
	}
	workdir, err := os.Getwd()
	if err != nil {
		return err
	}
	name := filepath.Join(r.Root, config.FileName)
	shown := render.ShowRelative("/", workdir)(name)
	out := cmd.OutOrStdout()
	switch {
	case result == nil:
		fmt.Fprintln(out, "there are no settings of statix, deadnix, nixfmt, treefmt or pre-commit for them")
		return nil
	case f.dryRun:
		fmt.Fprint(out, result.Text)
	default:
		err := createFile(name, result.Text)
		if errors.Is(err, os.ErrExist) {
			if !f.force {
				return fmt.Errorf("%s exists already: --force overwrites it, --dry-run shows what would be written", shown)
			}
			err = replaceFile(name, result.Text)
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "wrote %s\n", shown)
	}
	if len(result.Left) > 0 {
		fmt.Fprintln(cmd.ErrOrStderr(), "not carried over:")
		for _, l := range result.Left {
			fmt.Fprintf(cmd.ErrOrStderr(), "  %s\n", l)
		}
	}
	return nil
}
