package migrate

import (
	"slices"
	"strings"
	"unicode"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// block are the settings of one tool that stand in one set in a Nix file, such
// as `programs.deadnix` of treefmt-nix or `hooks.deadnix` of git-hooks.nix.
type block struct {
	tool     tool
	file     string
	hook     bool // of git-hooks.nix, whose excludes are regular expressions
	settings []nixSetting
}

type nixSetting struct {
	name  string // without `settings.`
	value parser.Node
}

// readNix reads what Nix files say of tools in so many words: settings of
// treefmt-nix and git-hooks.nix.
func (c *collector) readNix(r *repo.Repo) {
	for _, f := range r.Files {
		if !strings.Contains(f.Text, "treefmt") && !strings.Contains(f.Text, "programs") && !strings.Contains(f.Text, "hooks") {
			continue
		}
		blocks, global := blocksOf(f)
		used := false
		for _, b := range blocks {
			used = c.readBlock(b) || used
		}
		if used && global.IsValid() {
			if globs, ok := literalStrings(global); ok {
				c.treefmtExcludes("", globs, f.Path)
			} else {
				c.leave(f.Path, "`settings.global.excludes` is not written out")
			}
		}
	}
}

// blocksOf finds the settings of tools in a file, in source order, and the
// value of treefmt's settings.global.excludes.
func blocksOf(f *repo.File) (blocks []*block, global parser.Node) {
	for id := range f.Tree.NodeCount() {
		n := f.Tree.Node(parser.NodeID(id))
		if !n.Is(parser.KindBinding) || parser.Unparen(parser.Binding{Node: n}.Value()).Is(parser.KindAttrSet) {
			continue
		}
		names := fullPath(parser.Binding{Node: n})
		value := parser.Unparen(parser.Binding{Node: n}.Value())
		if i := len(names) - 3; i >= 0 && slices.Equal(names[i:], []string{"settings", "global", "excludes"}) {
			global = value
		}
		t, hook, rest := toolSetting(names)
		if t == "" {
			continue
		}
		i := slices.IndexFunc(blocks, func(b *block) bool { return b.tool == t && b.hook == hook })
		if i < 0 {
			i = len(blocks)
			blocks = append(blocks, &block{tool: t, file: f.Path, hook: hook})
		}
		blocks[i].settings = append(blocks[i].settings, nixSetting{strings.TrimPrefix(rest, "settings."), value})
	}
	return blocks, global
}

// fullPath returns the names that lead to a binding through the sets around
// it, or nil if they are not all written out.
func fullPath(b parser.Binding) []string {
	names, ok := b.Path().Static()
	if !ok {
		return nil
	}
	for up := b.Parent(); up.IsValid(); up = up.Parent() {
		switch {
		case up.Is(parser.KindAttrSet), up.Is(parser.KindParen):
			continue
		case !up.Is(parser.KindBinding):
			return names
		}
		outer, ok := parser.Binding{Node: up}.Path().Static()
		if !ok {
			return names
		}
		names = append(slices.Clip(outer), names...)
	}
	return names
}

// toolSetting returns the tool that a path of attributes sets something of,
// and what: in `programs.TOOL` and `settings.formatter.TOOL` of treefmt-nix and
// in `hooks.TOOL` of git-hooks.nix.
func toolSetting(names []string) (t tool, hook bool, rest string) {
	for i := 0; i+2 < len(names); i++ {
		switch {
		case names[i] == "programs", names[i] == "hooks", names[i] == "formatter" && i > 0 && names[i-1] == "settings":
		default:
			continue
		}
		if t, ok := toolOf(names[i+1]); ok {
			return t, names[i] == "hooks", strings.Join(names[i+2:], ".")
		}
	}
	return "", false, ""
}

// readBlock carries over the settings of a tool, and reports whether it is in
// use.
func (c *collector) readBlock(b *block) bool {
	for _, s := range b.settings {
		if s.name == "enable" && s.value.Text() == "false" {
			return false
		}
	}
	c.use(b.tool, b.file)
	for _, s := range b.settings {
		c.readNixSetting(b, s)
	}
	return true
}

func (c *collector) readNixSetting(b *block, s nixSetting) {
	switch s.name {
	case "enable", "package", "packageOverrides", "priority", "stages", "description", "name", "command", "finalPackage", "types", "fail_fast", "verbose":
		return
	}
	list, isList := literalStrings(s.value)
	text, isText := "", false
	if s.value.Is(parser.KindString) {
		text, isText = parser.String{Node: s.value}.Static()
	}
	switch {
	case s.name == "excludes" && isList && b.hook:
		for _, re := range list {
			c.regexpExclude(b.tool, re, b.file)
		}
	case s.name == "excludes" && isList:
		c.treefmtExcludes(b.tool, list, b.file)
	case s.name == "includes" && isList && coversNix(list):
	case (s.name == "options" || s.name == "args") && isList:
		c.options(b.tool, list, b.file)
	case s.name == "disabled-lints" && isList && b.tool == statix:
		c.disable(list, b.file)
	case s.name == "ignore" && isList && b.tool == statix:
		c.ignoreFiles(list, b.file)
	case s.name == "exclude" && isList:
		for _, p := range list {
			c.exclude(b.tool, cleanPath(p), b.file, p)
		}
	case s.name == "ignore" && isList:
		for _, name := range list {
			c.options(b.tool, []string{"--ignore=" + name}, b.file)
		}
	case isText, s.value.Is(parser.KindInt):
		if !isText {
			text = s.value.Text()
		}
		c.options(b.tool, []string{"--" + kebab(s.name) + "=" + text}, b.file)
	case s.value.Text() == "true":
		c.options(b.tool, []string{"--" + kebab(s.name)}, b.file)
	case s.value.Text() == "false", s.value.Text() == "null":
	default:
		c.leave(b.file, "`%s` of %s is not written out, or has no counterpart", s.name, b.tool)
	}
}

// literalStrings returns the elements of a list of strings that are written
// out.
func literalStrings(n parser.Node) (out []string, ok bool) {
	if !n.Is(parser.KindList) {
		return nil, false
	}
	for e := range n.Children() {
		if !e.Is(parser.KindString) {
			return nil, false
		}
		s, ok := parser.String{Node: e}.Static()
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}

// kebab writes a name such as noLambdaArg as no-lambda-arg.
func kebab(name string) string {
	var b strings.Builder
	for _, c := range name {
		if unicode.IsUpper(c) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}
