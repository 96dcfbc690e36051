package migrate

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/nixlint/nixlint/analysis/repo"
)

// statixRules are the rules of statix that have other names here.
var statixRules = map[string]string{
	"empty_let_in":       "empty-let",
	"collapsible_let_in": "collapsible-let",
	"legacy_let_syntax":  "legacy-let",
}

// ruleOfStatix returns the rule here for one of statix.
func ruleOfStatix(name string) string {
	if rule, ok := statixRules[name]; ok {
		return rule
	}
	return strings.ReplaceAll(name, "_", "-")
}

// readStatix reads statix.toml.
func (c *collector) readStatix(r *repo.Repo) error {
	const file = "statix.toml"
	var settings struct {
		Disabled []string
		Ignore   []string
		Version  string `toml:"nix_version"`
	}
	found, err := decode(r, file, &settings)
	if err != nil || !found {
		return err
	}
	c.use(statix, file)
	c.disable(settings.Disabled, file)
	c.ignoreFiles(settings.Ignore, file)
	if settings.Version != "" {
		c.leave(file, "`nix_version`: nixlint reads the grammar of current Nix")
	}
	return nil
}

// disable turns rules of statix off.
func (c *collector) disable(names []string, file string) {
	for _, name := range names {
		c.ignoreRule(ruleOfStatix(name), file, name)
	}
}

// ignoreFiles leaves files out for statix.
func (c *collector) ignoreFiles(patterns []string, file string) {
	for _, p := range patterns {
		if glob, ok := fromGitignore(p); ok {
			c.exclude(statix, glob, file, p)
		} else {
			c.leave(file, "`%s`: nixlint's globs cannot take files back in", p)
		}
	}
}

// readAlejandra reads alejandra.toml.
func (c *collector) readAlejandra(r *repo.Repo) error {
	const file = "alejandra.toml"
	var settings map[string]any
	found, err := decode(r, file, &settings)
	if err != nil || !found {
		return err
	}
	c.use(alejandra, file)
	for key, value := range settings {
		switch {
		case key == "indentation" && value == "TwoSpaces":
		case key == "indentation" && value == "FourSpaces":
			c.indent = carried{"4", file + ": FourSpaces"}
		default:
			c.leave(file, "`%s`: nixlint lays out as nixfmt does", key)
		}
	}
	return nil
}

// decode reads a TOML file in the root of a repository, if there is one.
func decode(r *repo.Repo, file string, into any) (found bool, err error) {
	data, err := os.ReadFile(filepath.Join(r.Root, file))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err == nil {
		err = toml.Unmarshal(data, into)
	}
	if err != nil {
		return false, fmt.Errorf("%s: %w", file, err)
	}
	return true, nil
}
