package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/graph"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/options"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
)

// completer finds the words that can stand where the given one is begun.
type completer = func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective)

// addCompletions gives the flags of all commands, and the arguments of those
// that have none yet, their completions in shells.
func addCompletions(root *cobra.Command) {
	byFlag := map[string]completer{
		"select": completeRules, "extend-select": completeRules, "ignore": completeRules,
		"fail-on": oneOf("error", "warning", "info", "never"),
		"color":   oneOf("auto", "always", "never"),
		"host":    listOf(hostNames),
		"config":  filesOf("toml"),
	}
	formats := map[string][]string{
		"check": render.Formats(), "parse": render.Formats(), "graph": graph.Formats, "options": options.Formats, "show": showFormats,
	}
	arguments := map[string]completer{
		"check": filesOf("nix"), "fmt": filesOf("nix"), "parse": filesOf("nix"), "show": filesOf("nix"), "search": filesOf("nix"), "test": filesOf("toml"),
		"explain": func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return slices.Concat(describedRules(), describedUserRules()), cobra.ShellCompDirectiveNoFileComp
		},
		"eval": completeAttrPath, "options": completeOption, "graph": foldersOnly, "init": foldersOnly, "migrate": foldersOnly, "man": foldersOnly,
	}
	var visit func(*cobra.Command)
	visit = func(cmd *cobra.Command) {
		for name, complete := range byFlag {
			if cmd.Flag(name) != nil && cmd.InheritedFlags().Lookup(name) == nil {
				must(cmd.RegisterFlagCompletionFunc(name, complete))
			}
		}
		if words, ok := formats[cmd.Name()]; ok {
			must(cmd.RegisterFlagCompletionFunc("format", oneOf(words...)))
		}
		if complete, ok := arguments[cmd.Name()]; ok {
			cmd.ValidArgsFunction = complete
		}
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
	}
	visit(root)
}

// must panics if a flag that gets completions does not exist or has some
// already: a mistake in this program.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

func oneOf(words ...string) completer {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return words, cobra.ShellCompDirectiveNoFileComp
	}
}

func filesOf(extension string) completer {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{extension}, cobra.ShellCompDirectiveFilterFileExt
	}
}

func foldersOnly(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// listOf completes the last word of a list joined by commas.
func listOf(words func() []string) completer {
	return func(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		before := begun[:strings.LastIndexByte(begun, ',')+1]
		had := strings.Split(before, ",")
		var out []string
		for _, w := range words() {
			name, _, _ := strings.Cut(w, "\t")
			if !slices.Contains(had, name) {
				out = append(out, before+w)
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

var completeRules = listOf(func() []string {
	return slices.Concat(describedRules(), describedUserRules(), groupNames())
})

// describedRules returns the names of the rules, each with what it finds.
func describedRules() []string {
	var out []string
	for _, r := range rules.All() {
		out = append(out, cobra.CompletionWithDesc(r.Name, r.Summary))
	}
	return out
}

// describedUserRules returns the rules of the user's that hold for the working
// directory. Settings that cannot be read have none.
func describedUserRules() []string {
	s, err := config.New(config.Options{Rules: rules.Catalogue()}).Repository(".")
	if err != nil {
		return nil
	}
	var out []string
	for _, u := range s.UserRules {
		out = append(out, cobra.CompletionWithDesc(u.Name, u.Message))
	}
	return out
}

// groupNames returns the names of the groups of rules.
func groupNames() []string {
	out := []string{"all"}
	for _, r := range rules.All() {
		if !slices.Contains(out, r.Group) && rules.ByName(r.Group) == nil {
			out = append(out, r.Group)
		}
	}
	return out
}

// hostNames returns the hosts of the repository around the working directory.
func hostNames() []string {
	r, err := repo.Open(".", repo.Options{})
	if err != nil {
		return nil
	}
	var out []string
	for _, h := range r.Model().Hosts {
		out = append(out, h.Name)
	}
	return out
}
