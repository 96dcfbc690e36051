// Package options lists the options that the modules of a repository declare:
// what they are, where they are declared and set, and what they come to on each
// host. Build makes a List of a repository's model; it is plain data, the same
// for all formats.
package options

import (
	"fmt"
	"io"
	"strings"
)

// List holds options in the order of their paths.
type List struct {
	Options []*Option
}

// Option is one option, on all hosts that were asked for.
type Option struct {
	// Path has `<name>` and `*` where an attribute or an element of a list of
	// any name stands, as in nixpkgs' manual.
	Path []string
	// Type describes the type in words, as nixpkgs does.
	Type        string
	Description string // Markdown, as written
	Default     *Text  // nil if it has none
	Example     *Text
	ReadOnly    bool
	Internal    bool
	Hidden      bool // visible is false
	// Declared are the places of its declarations.
	Declared []Position
	// Set are the definitions, by place; the default is not among them.
	Set []*Definition
	// Values are what it comes to, one for each different value. Options that
	// nothing sets and that are others' have none.
	Values []*Value
}

// Text is a value as it is shown.
type Text struct {
	Text string
	// Markdown is set if the text is prose about the value, not Nix code.
	Markdown bool
}

// Position is a place in a file.
type Position struct {
	// File is named relative to the root of the repository, or as
	// `<home-manager/modules/x.nix>` if an input has it.
	File string
	// Line and Column count from 1, columns in characters; 0 if they are not
	// known.
	Line, Column int
}

// Definition is a value that a module gives to an option.
type Definition struct {
	Position
	Value    string
	Priority int // as in lib.mkOverride
	// Certain is unset if the condition it stands under is not known to hold
	// on some host.
	Certain bool
	// Overridden is set if a definition of a better priority wins on all hosts.
	Overridden bool
	Where      []Where
}

// Value is what an option comes to.
type Value struct {
	Text string
	// Known is unset if something in it cannot be known without Nix.
	Known bool
	Where []Where
}

// Where says which of all values of an option is meant.
type Where struct {
	Host string // empty for modules that no host imports
	// Names are those that stand for `<name>` and `*` in the path, in order.
	Names []string
}

// Formats are the names of all formats.
var Formats = []string{"human", "json", "md"}

// Style says how options are shown.
type Style struct {
	// Width is that of the terminal in columns; 0 cuts nothing off.
	Width int
	// Show returns how a file of the repository is named to the reader.
	Show func(file string) string
	// Hosts are those that were asked for. What holds on all of them is not
	// said to.
	Hosts []string
	// Values adds to documentation what is set and what comes of it.
	Values bool
	// Prefix is what was asked for: all that is known of the option of that
	// path is shown, of those below a line each.
	Prefix []string
}

// Write writes the options in the named format.
func (l *List) Write(w io.Writer, format string, s Style) error {
	switch format {
	case "human":
		return l.human(w, s)
	case "json":
		return l.json(w, s)
	case "md":
		return l.markdown(w, s)
	}
	return fmt.Errorf("unknown format %q: it is one of %s", format, strings.Join(Formats, ", "))
}
