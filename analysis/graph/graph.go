// Package graph shows which host imports which module and which user which
// home module: as a picture in SVG, as dot or Mermaid text for other programs
// to draw, and as JSON.
//
// Build makes a Graph of a repository's model. It is the same for all formats;
// the places of things in the picture are of no concern to it.
package graph

import (
	"fmt"
	"io"
	"strings"
)

// Graph is what is drawn. Everything in it is sorted, so that the same
// repository gives the same graph.
type Graph struct {
	Title      string
	Hosts      []*Host
	Users      []*User
	Modules    []*Module // those of NixOS, then those of home-manager, by group and label
	Unresolved []*Unresolved
}

// Host is a machine of the flake.
type Host struct {
	Name    string
	Modules []*Module
	Own     []string // files that are modules of this host alone and lie in its folder
	Users   []*User
	Unsure  bool // it imports what could not be evaluated
}

// User is a home-manager user, the same for all hosts that have one of that
// name.
type User struct {
	Name    string
	Modules []*Module // on any host
	Own     []string
}

// Kind says whose module a module is.
type Kind string

// The kinds of modules.
const (
	NixOS Kind = "nixos"
	Home  Kind = "home"
)

// State says how a module is reached.
type State string

// The states of a module.
const (
	Used         State = "used"
	Unused       State = "unused"       // registered, and no host imports it
	Unregistered State = "unregistered" // neither registered nor imported
	External     State = "external"     // from an input of the flake
)

// Module is a module that hosts or users share.
type Module struct {
	Kind  Kind
	State State
	// File is relative to the repository's root; empty for external modules.
	File string
	// Name is what it is called in the registry, or the attribute of an input;
	// empty if it is neither.
	Name string
	// Group and Label name it in short: its category and its own name there.
	Group, Label string
	ImportedBy   []string // files, sorted
}

// title names the module in full.
func (m *Module) title() string {
	switch {
	case m.Name == "":
		return m.File
	case m.File == "":
		return m.Name
	}
	return m.Name + " (" + m.File + ")"
}

// Unresolved is an import that leads nowhere.
type Unresolved struct {
	Label   string   // what is imported
	Files   []string // that import it or register it
	Message string
	Hosts   []*Host // that reach one of the files
}

// Formats are the names of all formats.
var Formats = []string{"svg", "dot", "mermaid", "json"}

// Write writes the graph in the named format.
func (g *Graph) Write(w io.Writer, format string) error {
	switch format {
	case "svg":
		return g.svg(w)
	case "dot":
		return g.dot(w)
	case "mermaid":
		return g.mermaid(w)
	case "json":
		return g.json(w)
	}
	return fmt.Errorf("unknown format %q: it is one of %s", format, strings.Join(Formats, ", "))
}
