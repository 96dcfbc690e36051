package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/generator"
)

func newNewRepo() *cobra.Command {
	var f newFlags
	var r generator.Repository
	cmd := &cobra.Command{
		Use:   "repo [DIR]",
		Short: "Make a whole configuration, with one host and one user",
		Long: `Makes a flake with a host, a user with a home, a registry of modules and a few modules, in DIR
(default: the working directory). Every other nixlint new works on it. If one of its files
is there already, nothing is written.`,
		Example: `  nixlint new repo ~/nixos --host toaster --user mira
  nixlint new repo --host attic --system aarch64-linux --disk /dev/disk/by-id/nvme-Example --dry-run`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			return f.makeRepository(cmd, dir, r)
		},
	}
	or := generator.DefaultRepository
	flags := cmd.Flags()
	flags.StringVar(&r.Host, "host", or.Host, "the name of the host")
	flags.StringVar(&r.User, "user", or.User, "the name of the user's account")
	flags.StringVar(&r.System, "system", or.System, "the kind of machine")
	flags.StringVar(&r.Disk, "disk", or.Disk, "the drive that disko formats")
	flags.StringVar(&r.StateVersion, "state-version", or.StateVersion, "the release of NixOS to install")
	flags.BoolVar(&f.dryRun, "dry-run", false, "print the files that would be written and write nothing")
	f.settings.addTo(flags)
	return cmd
}

// makeRepository makes a repository in a folder.
func (f *newFlags) makeRepository(cmd *cobra.Command, dir string, r generator.Repository) error {
	settings, err := f.settings.open()
	if err != nil {
		return err
	}
	root, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	exists := func(file string) bool {
		_, err := os.Lstat(filepath.Join(root, filepath.FromSlash(file)))
		return err == nil
	}
	p, err := generator.New(r, exists, layoutIn(root, settings))
	if err != nil {
		return err
	}
	return f.carryOut(cmd, root, p)
}
