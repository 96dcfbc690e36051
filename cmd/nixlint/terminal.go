package main

import (
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/fatih/color"
	"golang.org/x/term"

	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
)

// setColor decides about colours as --color says: auto uses them on a terminal,
// NO_COLOR and CLICOLOR_FORCE being heeded in this order. See
// https://no-color.org and https://bixense.com/clicolors.
func setColor(when string) error {
	switch when {
	case "auto":
		if force := os.Getenv("CLICOLOR_FORCE"); force != "" && force != "0" && os.Getenv("NO_COLOR") == "" {
			color.NoColor = false
		}
	case "always":
		color.NoColor = false
	case "never":
		color.NoColor = true
	default:
		return fmt.Errorf("--color is auto, always or never, not %q", when)
	}
	render.UseColor(!color.NoColor)
	return nil
}

// isTerminal reports whether what is written to w is seen by a person.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// styleOf returns what the terminal behind a writer can do.
func styleOf(w io.Writer) render.Style {
	if !isTerminal(w) {
		return render.Style{}
	}
	columns, _, err := term.GetSize(int(w.(*os.File).Fd()))
	if err != nil {
		columns = 0
	}
	return render.Style{Width: columns, Links: !color.NoColor && showsLinks(os.Getenv)}
}

// showsLinks tells from the environment whether the terminal is one of those
// that are known to show links. Others are not asked: some show rubbish.
func showsLinks(env func(string) string) bool {
	if forced := env("FORCE_HYPERLINK"); forced != "" {
		return forced != "0"
	}
	if env("CI") != "" || env("TERM") == "dumb" {
		return false
	}
	switch env("TERM_PROGRAM") {
	case "iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "zed":
		return true
	}
	switch env("TERM") {
	case "xterm-kitty", "xterm-ghostty", "alacritty", "foot", "foot-extra":
		return true
	}
	// GNOME's library, which many terminals use, knows links since 0.50.
	if v, err := strconv.Atoi(env("VTE_VERSION")); err == nil {
		return v >= 5000
	}
	return env("WT_SESSION") != "" || env("KONSOLE_VERSION") != ""
}
