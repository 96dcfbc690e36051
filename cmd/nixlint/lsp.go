package main

import (
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/lsp"
)

func newLSP() *cobra.Command {
	var logFile string
	cmd := &cobra.Command{
		Use:   "lsp",
		Short: "Speak with an editor as its language server",
		Long: `Speak the Language Server Protocol on standard input and output. Editors start this;
how to set them up is in the README.`,
		Example: "  nixlint lsp --log-file /tmp/nixlint.log",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			to := cmd.ErrOrStderr()
			level := slog.LevelWarn
			if logFile != "" {
				f, err := os.OpenFile(logFile, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
				if err != nil {
					return err
				}
				defer f.Close()
				to, level = f, slog.LevelDebug
			}
			log := slog.New(slog.NewTextHandler(to, &slog.HandlerOptions{Level: level}))
			return lsp.ServeProcess(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout(), lsp.Options{Version: version(), Log: log})
		},
	}
	cmd.Flags().StringVar(&logFile, "log-file", "", "append what the server does to a file")
	cmd.Flags().Bool("stdio", true, "standard input and output, which is the only way; editors pass this")
	return cmd
}
