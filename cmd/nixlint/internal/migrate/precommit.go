package migrate

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/nixlint/nixlint/analysis/repo"
)

// preCommit is what is of interest in .pre-commit-config.yaml.
type preCommit struct {
	Exclude string
	Repos   []struct {
		Hooks []struct {
			ID      string `yaml:"id"`
			Entry   string
			Args    []string
			Exclude string
		}
	}
}

// readPreCommit reads .pre-commit-config.yaml, unless git-hooks.nix made it:
// then it is a link into the store, and read from the flake.
func (c *collector) readPreCommit(r *repo.Repo) error {
	const file = ".pre-commit-config.yaml"
	name := filepath.Join(r.Root, file)
	if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() {
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return err
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var settings preCommit
	if err := yaml.Unmarshal(data, &settings); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	used := false
	for _, repo := range settings.Repos {
		for _, h := range repo.Hooks {
			command := strings.Fields(h.Entry)
			t, ok := toolOf(h.ID)
			if !ok && len(command) > 0 {
				t, ok = toolOf(command[0])
			}
			if !ok {
				continue
			}
			used = true
			c.use(t, file)
			if len(command) > 1 {
				c.options(t, command[1:], file)
			}
			c.options(t, h.Args, file)
			c.regexpExclude(t, h.Exclude, file)
		}
	}
	if used {
		c.regexpExclude("", settings.Exclude, file)
	}
	return nil
}

// regexpExclude leaves out the files whose path a regular expression matches.
func (c *collector) regexpExclude(t tool, re, file string) {
	if re == "" || re == "^$" {
		return
	}
	if glob, ok := fromRegexp(re); ok {
		c.exclude(t, glob, file, re)
		return
	}
	c.leave(file, "`exclude: %s` is a regular expression: say it as a glob", re)
}
