package rules

import (
	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	nixfmt "github.com/nixlint/nixlint/fmt"
)

// formatTouched lays out what edits have made of a text, as the settings say.
func formatTouched(c *config.Config, name, before, after string, edits []diagnostic.Edit) string {
	s, err := c.For(name)
	if err != nil || s.FmtExcluded.Value {
		return after
	}
	layout := nixfmt.Options{Width: s.Width.Value, Indent: s.Indent.Value, Strict: s.Strict.Value}
	return nixfmt.FormatTouched(before, after, diagnostic.SpansAfter(edits), layout)
}
