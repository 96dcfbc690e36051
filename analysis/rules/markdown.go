package rules

import (
	"fmt"
	"strings"
)

// groups are the groups of rules in the order of the documentation.
var groups = []struct{ name, about string }{
	{"syntax", "what Nix refuses to read, and comments meant for nixlint"},
	{"names", "names that mean nothing, and names that nothing uses"},
	{"simplify", "code that says the same in more words"},
	{"modules", "which file imports which"},
	{"meta", "hosts, users and what `mkHost` knows of them"},
	{"options", "options: declared, set, read, and their types"},
	{"flake", "inputs, locks and outputs"},
	{"storage", "disks, mounts and subvolumes"},
	{"secrets", "passwords and keys"},
	{"docs", "Nix code in Markdown"},
	{"vfio", "the machine behind the configuration"},
}

// HomeURL is where people read about nixlint.
const HomeURL = "https://github.com/nixlint/nixlint"

// URL is where people read the rule's documentation.
func (r *Rule) URL() string { return HomeURL + "/blob/main/docs/rules/" + r.Name + ".md" }

// Explanation returns why the rule matters and what to do, in Markdown: what its
// author wrote and, of a rule that makes checks of package vfio, what each looks
// for. It is put together here, not where the rules are defined, to keep the
// start of the program short.
func (r *Rule) Explanation() string {
	why := strings.TrimSpace(r.Why)
	if checks := hardwareChecks[r.Name]; checks != nil && r.Name != adviceRule {
		why += "\n\nIt looks for:\n" + checksText(checks)
	}
	return why
}

// Markdown returns the rule's documentation.
func (r *Rule) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s.\n\n", r.Name, capitalised(r.Summary))
	fmt.Fprintf(&b, "Group: %s · severity: %s · by default: %s · fix: %s", r.Group, r.Severity, onOff(r.Default), r.Fix)
	if r.Since != "" {
		b.WriteString(" · since " + r.Since)
	}
	fmt.Fprintf(&b, "\n\n%s\n", r.Explanation())
	if r.Bad != "" {
		fmt.Fprintf(&b, "\nFound:\n\n```nix\n%s```\n\nInstead:\n\n```nix\n%s```\n", r.Bad, r.Good)
	}
	return b.String()
}

// Pages returns the documentation of all rules by file name, with an index.
func Pages() map[string]string {
	pages := make(map[string]string)
	var index strings.Builder
	index.WriteString("# Rules\n\nA repository can have [rules of its own](../user-rules.md) besides.\n")
	for _, g := range groups {
		first := true
		for _, r := range All() {
			if r.Group != g.name {
				continue
			}
			if first {
				fmt.Fprintf(&index, "\n## %s\n\n%s.\n\n| rule | severity | by default | fix | finds |\n| --- | --- | --- | --- | --- |\n", g.name, capitalised(g.about))
				first = false
			}
			fmt.Fprintf(&index, "| [%s](%s.md) | %s | %s | %s | %s |\n", r.Name, r.Name, r.Severity, onOff(r.Default), r.Fix,
				strings.ReplaceAll(r.Summary, "|", `\|`))
			pages[r.Name+".md"] = r.Markdown()
		}
	}
	pages["README.md"] = index.String()
	return pages
}

func capitalised(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
