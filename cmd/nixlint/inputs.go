package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/repo"
)

// inputFlags say where the sources of a flake's inputs are. All commands that
// evaluate a repository have them.
type inputFlags struct {
	overrides []string
	realLib   bool
}

func (f *inputFlags) addTo(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.overrides, "override-input", nil, "take the source of a flake input from a folder: NAME=DIR, or NAME/SUB=DIR for an input of an input")
	flags.BoolVar(&f.realLib, "real-lib", false, "evaluate the library of nixpkgs itself, if nixpkgs is at hand")
}

// options returns how to open the repository at root: what its settings say of
// inputs, and over that the flags.
func (f *inputFlags) options(root string, settings *config.Config) (repo.Options, error) {
	o := repo.Options{RealLib: f.realLib, Inputs: make(map[string]string)}
	s, err := settings.Repository(root)
	if err != nil {
		return o, err
	}
	for name, dir := range s.Inputs {
		o.Inputs[name] = dir.Value
	}
	for _, text := range f.overrides {
		name, dir, ok := strings.Cut(text, "=")
		if !ok || name == "" || dir == "" {
			return o, fmt.Errorf("--override-input %s: write it as NAME=DIR", text)
		}
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return o, fmt.Errorf("--override-input %s: there is no folder %s", text, dir)
		}
		if !mentionsInput(root, name) {
			return o, fmt.Errorf("--override-input %s: the flake in %s has no input `%s`", text, root, name)
		}
		if o.Inputs[name], err = filepath.Abs(dir); err != nil {
			return o, fmt.Errorf("--override-input %s: %w", text, err)
		}
	}
	return o, nil
}

// open opens the repository around a path.
func (f *inputFlags) open(path string, settings *config.Config) (*repo.Repo, error) {
	root, err := repo.FindRoot(path)
	if err != nil {
		return nil, err
	}
	options, err := f.options(root, settings)
	if err != nil {
		return nil, err
	}
	return repo.Open(root, options)
}

// mentionsInput reports whether a flake may have an input: whether its name is
// in flake.nix or in flake.lock.
func mentionsInput(root, name string) bool {
	first, _, _ := strings.Cut(name, "/")
	for _, file := range []string{"flake.nix", "flake.lock"} {
		if text, err := os.ReadFile(filepath.Join(root, file)); err == nil && strings.Contains(string(text), first) {
			return true
		}
	}
	return false
}
