package lsp

import (
	"strings"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
)

// snippet is a piece of code with places to fill in.
type snippet struct {
	label, detail string
	text          string // in the protocol's notation
	lib           bool   // it calls functions of nixpkgs' library, where LIB stands
}

// snippets are the pieces of code for where a value is expected.
var snippets = []snippet{
	{"let in", "names for values", "let\n  ${1:name} = ${2:value};\nin\n$0", false},
	{"if then else", "one value or another", "if ${1:condition} then ${2:value} else ${0:other}", false},
	{"mkOption { }", "declare an option", "LIBmkOption {\n  type = LIBtypes.${1:str};\n  default = ${2:\"\"};\n  description = \"${0}\";\n}", true},
	{"mkEnableOption", "declare a switch", "LIBmkEnableOption \"${0:what it switches on}\"", true},
	{"mkIf", "define something under a condition", "LIBmkIf ${1:cfg.enable} {\n  $0\n}", true},
	{"mkMerge", "define several sets", "LIBmkMerge [\n  {\n    $0\n  }\n]", true},
	{"function", "a function of a set", "{ ${1:args} }: $0", false},
}

// moduleSnippet is a module with a switch, for files that are empty yet.
var moduleSnippet = snippet{"module", "a module with a switch", "{ config, lib, ... }:\n\nlet\n  cfg = config.${1:modules.name};\nin\n{\n  options.${1:modules.name} = {\n    enable = lib.mkEnableOption \"${2:what it does}\";\n  };\n\n  config = lib.mkIf cfg.enable {\n    $0\n  };\n}", false}

// pieces proposes pieces of code, to editors that know what to do with them.
func (c *completion) pieces() {
	if !c.server.editor.snippets {
		return
	}
	if strings.TrimSpace(strings.TrimSuffix(c.text(), c.cursor.Text)) == "" {
		c.addSnippet(moduleSnippet, "")
		return
	}
	prefix, ok := c.libPrefix()
	for _, s := range snippets {
		if !s.lib || ok {
			c.addSnippet(s, prefix)
		}
	}
}

// libPrefix returns what stands before the functions of the library here: nothing inside of
// `with lib`, else `lib.` where that is defined.
func (c *completion) libPrefix() (prefix string, ok bool) {
	names := c.Names(c.path)
	if names.Lookup(c.cursor.Scope, "mkIf") != scope.None || symbol.InWith(names, c.cursor.Scope, "lib") {
		return "", true
	}
	return "lib.", names.Lookup(c.cursor.Scope, "lib") != scope.None
}

func (c *completion) addSnippet(s snippet, lib string) {
	indent := edit.Indentation(c.text(), c.cursor.Span.Start)
	text := strings.ReplaceAll(strings.ReplaceAll(s.text, "LIB", lib), "\n", "\n"+indent)
	if item := c.addText(s.label, text, s.detail, protocol.CompletionItemKindSnippet, rankKeyword); item != nil {
		item.InsertTextFormat = protocol.InsertTextFormatSnippet
	}
}
