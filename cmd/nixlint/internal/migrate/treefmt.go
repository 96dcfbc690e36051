package migrate

import (
	"maps"
	"slices"

	"github.com/nixlint/nixlint/analysis/repo"
)

// treefmtFormatter is a table [formatter.NAME] of treefmt.toml.
type treefmtFormatter struct {
	Command  string
	Options  []string
	Excludes []string
	Includes []string
}

// readTreefmt reads treefmt.toml.
func (c *collector) readTreefmt(r *repo.Repo) error {
	for _, file := range []string{"treefmt.toml", ".treefmt.toml"} {
		var settings struct {
			Excludes  []string
			Global    struct{ Excludes []string }
			Formatter map[string]treefmtFormatter
		}
		found, err := decode(r, file, &settings)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		used := false
		for _, name := range slices.Sorted(maps.Keys(settings.Formatter)) {
			f := settings.Formatter[name]
			t, ok := toolOf(f.Command)
			if !ok {
				continue
			}
			used = true
			c.use(t, file)
			c.options(t, f.Options, file)
			c.treefmtExcludes(t, f.Excludes, file)
			if !coversNix(f.Includes) {
				c.leave(file, "`includes` of %s: nixlint takes all files of Nix; leave out some by `exclude`", name)
			}
		}
		if used {
			c.treefmtExcludes("", slices.Concat(settings.Excludes, settings.Global.Excludes), file)
		}
	}
	return nil
}

func coversNix(includes []string) bool {
	return slices.Contains(includes, "*.nix") || slices.Contains(includes, "*") || slices.Contains(includes, "**/*.nix")
}

// treefmtExcludes leaves out the files of treefmt's globs for a tool, or for
// all if it is "".
func (c *collector) treefmtExcludes(t tool, globs []string, file string) {
	for _, g := range globs {
		if namesNix(g) {
			c.exclude(t, fromTreefmt(g), file, g)
		}
	}
}
