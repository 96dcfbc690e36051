// Package migrate makes a nixlint.toml of the settings of the tools that
// nixlint replaces: statix, deadnix, nixf-diagnose, nixfmt, alejandra and
// nixpkgs-fmt, and of treefmt and pre-commit where they run these.
//
// What the settings of those tools mean is taken from their documentation:
// statix 0.5.8, deadnix 1.3.1, nixfmt 1.4.0, treefmt 2, treefmt-nix and
// git-hooks.nix.
package migrate

import (
	"fmt"
	"slices"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/repo"
)

// Result is what became of the settings of other tools.
type Result struct {
	// Text is the nixlint.toml.
	Text string
	// Sources are the files that the settings come from, relative to the root.
	Sources []string
	// Left is what could not be carried over, one clause each, with the file
	// it stands in.
	Left []string
}

// Read reads the settings of other tools in a repository. The result is nil if
// there are none. Rules are the names of nixlint's rules.
func Read(r *repo.Repo, rules []string) (*Result, error) {
	c := &collector{rules: rules, linters: make(map[tool]bool)}
	for _, read := range []func(*repo.Repo) error{c.readStatix, c.readTreefmt, c.readPreCommit, c.readAlejandra} {
		if err := read(r); err != nil {
			return nil, err
		}
	}
	c.readNix(r)
	if len(c.sources) == 0 {
		return nil, nil
	}
	return &Result{Text: c.text(), Sources: c.sources, Left: c.left}, nil
}

// tool is a program that nixlint replaces.
type tool string

const (
	statix       tool = "statix"
	deadnix      tool = "deadnix"
	nixfDiagnose tool = "nixf-diagnose"
	nixfmt       tool = "nixfmt"
	alejandra    tool = "alejandra"
	nixpkgsFmt   tool = "nixpkgs-fmt"
)

// isLinter tells linters from formatters.
func (t tool) isLinter() bool { return t == statix || t == deadnix || t == nixfDiagnose }

// carried is a value of a new setting, with what it is made from.
type carried struct {
	value string
	from  string
}

// excluded is a glob of files that tools leave out.
type excluded struct {
	carried
	all   bool // by all tools
	tools []tool
}

// collector gathers settings.
type collector struct {
	rules   []string
	sources []string
	left    []string

	linters   map[tool]bool // those in use
	formatter bool          // there is a formatter in use
	ignore    []carried     // rules
	excludes  []excluded
	width     carried
	indent    carried
	strict    carried
}

// use notes that a file has settings of a tool that is in use.
func (c *collector) use(t tool, file string) {
	if !slices.Contains(c.sources, file) {
		c.sources = append(c.sources, file)
	}
	switch {
	case t.isLinter():
		c.linters[t] = true
	case t != "":
		c.formatter = true
		if t != nixfmt {
			c.leave(file, "%s lays out in another way than nixlint, which does as nixfmt does: the first `nixlint fmt` will change files", t)
		}
	}
}

// leave notes that something is not carried over.
func (c *collector) leave(file, format string, args ...any) {
	line := file + ": " + fmt.Sprintf(format, args...)
	if !slices.Contains(c.left, line) {
		c.left = append(c.left, line)
	}
}

// ignoreRule turns a rule off.
func (c *collector) ignoreRule(rule, file, what string) {
	if !slices.Contains(c.rules, rule) {
		c.leave(file, "`%s`: nixlint has no such rule", what)
		return
	}
	if !slices.ContainsFunc(c.ignore, func(i carried) bool { return i.value == rule }) {
		c.ignore = append(c.ignore, carried{rule, file + ": " + what})
	}
}

// exclude leaves out the files of a glob for a tool, or for all if it is "".
func (c *collector) exclude(t tool, glob, file, what string) {
	if !config.Glob(glob).IsValid() {
		c.leave(file, "`%s` is no glob for files of the repository", what)
		return
	}
	i := slices.IndexFunc(c.excludes, func(e excluded) bool { return e.value == glob })
	if i < 0 {
		i = len(c.excludes)
		c.excludes = append(c.excludes, excluded{carried: carried{glob, file + ": " + what}})
	}
	e := &c.excludes[i]
	if t == "" {
		e.all = true
	} else if !slices.Contains(e.tools, t) {
		e.tools = append(e.tools, t)
	}
}
