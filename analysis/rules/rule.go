// Package rules holds nixlint's rules, one file each, and runs them.
//
// A rule is a [Rule] literal: what it is called, what it means, an example of
// what it finds and of how it should be, and the functions that find it.
// Rules subscribe to kinds of nodes; one walk over each file's tree serves all
// of them. Rules about the repository as a whole get its model instead.
package rules

//go:generate go run ./internal/registry/write
//go:generate go run ./internal/document ../../docs

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// Rule is one rule.
type Rule struct {
	Name     string // kebab-case, says what is wrong
	Group    string // names, simplify, modules, …
	Severity diagnostic.Severity
	Default  bool   // on in the preset "recommended"
	Since    string // nixlint version that first had it; "" for rules of the user's
	Summary  string // one sentence without a full stop
	Why      string // a paragraph or two of Markdown: why it matters, what to do; see Explanation
	Bad      string // example that the rule finds
	Good     string // the same example as it should be; what the fix makes of Bad, if there is a fix
	Fix      Fixability
	// OnMachine is set if the findings depend on the machine nixlint runs on.
	OnMachine bool

	// Kinds are the node kinds that Node is called for.
	Kinds []parser.Kind
	Node  func(*File, parser.Node)
	// File is called once for each file.
	File func(*File)
	// Ahead finds out what Host or Repo will ask of a file, as perFile does: rules about the
	// repository run one after the other, but it is called for several of the files that
	// are checked at once. It may be nil.
	Ahead func(*Repo, *repo.File)
	// Host is called for each host, or for several that are evaluated together: the model
	// that it gets has no others. What it finds is kept as long as all is the same that it
	// has looked at. It may not depend on which files are checked, and may run at the same
	// time as the Host of others.
	Host func(*Repo)
	// Repo is called once for the repository, after Host. What it does is done again
	// after each edit, so what takes time to find out about each host is for Host: see
	// perHost.
	Repo func(*Repo)
	// Last is set if Repo is to be called after those of other rules: it looks at
	// what they have found.
	Last bool
}

// OfRepository reports whether the rule looks at more than single files.
func (r *Rule) OfRepository() bool { return r.Host != nil || r.Repo != nil }

// OfFile reports whether the rule looks at files by themselves.
func (r *Rule) OfFile() bool { return r.Node != nil || r.File != nil }

// Fixability says whether a rule's findings carry fixes.
type Fixability uint8

// The kinds of fixes a rule can have.
const (
	NoFix        Fixability = iota
	UnsafeFix               // applied only on request
	SafeFix                 // keeps the value of every program
	SometimesFix            // some findings have one
)

// String says in a few words which fixes there are.
func (f Fixability) String() string {
	switch f {
	case UnsafeFix:
		return "on request"
	case SafeFix:
		return "safe"
	case SometimesFix:
		return "for some"
	}
	return "none"
}

// All returns every rule, sorted by name.
func All() []*Rule { return registry }

// ByName returns the rule with the given name, or nil.
func ByName(name string) *Rule {
	i, ok := slices.BinarySearchFunc(registry, name, func(r *Rule, name string) int { return strings.Compare(r.Name, name) })
	if !ok {
		return nil
	}
	return registry[i]
}
