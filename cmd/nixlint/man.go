package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/cmd/nixlint/internal/man"
)

// newMan returns the command that packages of nixlint are made with.
func newMan() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "Write the man pages into a folder",
		Args:   cobra.ExactArgs(1),
		Hidden: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			for name, text := range man.Pages(cmd.Root(), version()) {
				if err := writeOutput(filepath.Join(args[0], name), text); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
