package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// documentHead is the page about settings up to the tables of keys.
const documentHead = `# Configuration

nixlint needs no settings. What is to be otherwise than by default stands in ` + "`nixlint.toml`" + `:

` + "```toml" + `
exclude = ["vendor"]

[check]
preset = "strict"
ignore = ["eta-reduction"]
severity = { unused-formal = "info" }

[check.per-file."hosts/**"]
extend-select = ["shadowed-binding"]

[fmt]
width = 80
` + "```" + `

` + "`nixlint init`" + ` writes a first one, ` + "`nixlint migrate`" + ` one from the settings of statix, deadnix and treefmt, and
` + "`nixlint config show FILE`" + ` says which settings hold for a file and where each of them comes from.

## Which file holds

The settings for a file come from the nearest ` + "`nixlint.toml`" + ` at or above *it*, wherever nixlint is started. A
` + "`nixlint.toml`" + ` inherits from the one above, up to the root of the Git repository (without Git: the folder of
` + "`flake.nix`" + `): what it says wins, what it does not say holds. ` + "`--config FILE`" + ` reads one file instead of all of them,
as if it lay in the root of the repository; ` + "`--no-config`" + ` reads none.

Nothing is ignored: an unknown key, a rule that does not exist or a glob that cannot be read is an error with its
place, and the exit status is 2.

## Which rules run

One step after the other, from the general to the particular:

1. the preset ` + "`recommended`" + `;
2. the ` + "`[check]`" + ` table of each file, the outermost first: its ` + "`preset`" + ` or its ` + "`select`" + ` begins anew, then
   ` + "`extend-select`, `ignore` and `severity`" + ` change that;
3. the ` + "`[check.per-file]`" + ` tables whose glob names the file;
4. the command line: ` + "`--select`" + ` begins anew, but what 3 ignores stays ignored; ` + "`--extend-select` and `--ignore`" + `
   change that.

Within one step a rule's own name wins over that of its group, and that over ` + "`all`" + `; at equal terms ` + "`ignore`" + ` wins. A
rule that is given a severity by its own name runs. Syntax errors are always reported.
`

// Document returns the page about settings, made from the types that they are
// read into and the rules there are.
func Document(rules []Rule) string {
	var b strings.Builder
	b.WriteString(documentHead)
	b.WriteString("\n## Presets\n\n| preset | rules |\n| --- | --- |\n")
	for _, p := range []struct{ name, about string }{
		{"recommended", "what is on by default in the [list of rules](rules/README.md): mistakes, and detours that nobody misses"},
		{"strict", "those and what is a matter of style: " + beyond(rules, Strict, Recommended)},
		{"statix", "what statix finds, and nothing else: " + beyond(rules, Statix, "")},
		{"nixpkgs", "for files of packages: nothing about machines, no opinions: " + beyond(rules, Nixpkgs, "")},
		{"all", "every rule"},
	} {
		fmt.Fprintf(&b, "| `%s` | %s |\n", p.name, p.about)
	}
	b.WriteString("\n## Keys\n\nPaths are relative to the folder of `nixlint.toml`, and so are globs: `*` stands for anything but a slash, `**` for any\n" +
		"number of folders, `{a,b}` for either. A glob that names a folder names all that is in it.\n")
	documentTable(&b, "", "", reflect.TypeFor[File](), false)
	fmt.Fprintf(&b, "\n## Editors\n\nThe JSON schema of `nixlint.toml` is [nixlint.schema.json](nixlint.schema.json), and what `nixlint config schema` prints. With\n"+
		"Taplo (Even Better TOML) this first line is enough:\n\n```toml\n#:schema %s\n```\n", SchemaURL)
	return b.String()
}

// beyond lists the rules that belong to one preset and not to another.
func beyond(rules []Rule, preset, other Preset) string {
	var names []string
	for _, r := range rules {
		if slices.Contains(r.Presets, preset) && !slices.Contains(r.Presets, other) {
			names = append(names, fmt.Sprintf("[%s](rules/%[1]s.md)", r.Name))
		}
	}
	return strings.Join(names, ", ")
}

// documentTable describes the keys of a table, and then the tables in it.
func documentTable(b *strings.Builder, header, about string, t reflect.Type, rootOnly bool) {
	title := "Top level"
	if header != "" {
		title = "`" + header + "`"
	}
	fmt.Fprintf(b, "\n### %s\n", title)
	if about != "" {
		fmt.Fprintf(b, "\n%s%s\n", about, onlyInRoot(rootOnly))
	}
	rows := false
	for _, s := range settingsOf(t) {
		if innerTable(s.field.Type) != nil {
			continue
		}
		if !rows {
			b.WriteString("\n| key | value | default | meaning |\n| --- | --- | --- | --- |\n")
			rows = true
		}
		need := ""
		if s.field.Tag.Get("need") != "" {
			need = "must be there"
		} else if d := s.field.Tag.Get("default"); d != "" {
			need = "`" + d + "`"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s%s |\n", s.key, typeName(s.field.Type), need, s.field.Tag.Get("doc"),
			onlyInRoot(s.field.Tag.Get("root") != "" && !rootOnly))
	}
	var examples []string
	for _, s := range settingsOf(t) {
		if e := s.field.Tag.Get("example"); e != "" && innerTable(s.field.Type) == nil {
			examples = append(examples, e)
		}
	}
	if examples != nil {
		if header != "" && !strings.HasPrefix(examples[0], "[") {
			examples = append([]string{header}, examples...)
		}
		fmt.Fprintf(b, "\n```toml\n%s\n```\n", strings.ReplaceAll(strings.Join(examples, "\n"), "\n[", "\n\n["))
	}
	for _, s := range settingsOf(t) {
		inner := innerTable(s.field.Type)
		if inner == nil {
			continue
		}
		name := join(strings.Trim(header, "[]"), s.key)
		switch {
		case isKeyed(s.field.Type) && strings.Contains(s.key, "file"):
			name = "[" + name + ".\"GLOB\"]"
		case isKeyed(s.field.Type):
			name = "[" + name + ".NAME]"
		case s.field.Type.Kind() == reflect.Slice:
			name = "[[" + name + "]]"
		default:
			name = "[" + name + "]"
		}
		documentTable(b, name, s.field.Tag.Get("doc"), inner, s.field.Tag.Get("root") != "")
	}
}

func onlyInRoot(only bool) string {
	if only {
		return " Only in the root of the repository."
	}
	return ""
}

// innerTable returns the type of the tables that a key holds, if it holds any.
func innerTable(t reflect.Type) reflect.Type {
	switch {
	case isEntry(t):
		return nil
	case isKeyed(t):
		return innerTable(t.Elem().Field(1).Type)
	case t.Kind() == reflect.Slice:
		return innerTable(t.Elem())
	}
	return t
}
