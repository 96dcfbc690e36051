// Package rules holds nixlint's rules, one file each, and runs them.
//
// A rule is a [Rule] literal: what it is called, what it means, an example of
// what it finds and of how it should be, and the functions that find it.
// Rules subscribe to kinds of nodes; one walk over each file's tree serves all
// of them. Rules about the repository as a whole get its model instead.
package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

// Rule is one rule.
type Rule struct {
	Name     string // kebab-case, says what is wrong
	Group    string // names, simplify, modules, …
	Severity diagnostic.Severity
	Default  bool   // on in the preset "recommended"
	Since    string // nixlint version that first had it
	Summary  string // one sentence without a full stop
	Why      string // a paragraph or two of Markdown: why it matters, what to do
	Bad      string // example that the rule finds
	Good     string // the same example as it should be; what the fix makes of Bad, if there is a fix
	Fix      Fixability

	// Kinds are the node kinds that Node is called for.
	Kinds []parser.Kind
	Node  func(*File, parser.Node)
	// File is called once for each file.
	File func(*File)
	// Repo is called once for the repository.
	Repo func(*Repo)
}

// Fixability says whether a rule's findings carry fixes.
type Fixability uint8

// The kinds of fixes a rule can have.
const (
	NoFix        Fixability = iota
	UnsafeFix               // applied only on request
	SafeFix                 // keeps the value of every program
	SometimesFix            // some findings have one
)
