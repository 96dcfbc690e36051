package vfio

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/vfio/pci"
)

// Severity says how bad a finding is. The zero value is none.
type Severity uint8

// The severities, mildest first, so that they compare by weight.
const (
	// Hint is advice.
	Hint Severity = iota + 1
	// Info is something without effect.
	Info
	// Warning is what works wrongly, or loses speed or safety.
	Warning
	// Error is what cannot work, for certain.
	Error
)

var severityNames = [...]string{Hint: "hint", Info: "info", Warning: "warning", Error: "error"}

// String returns the name of the severity.
func (s Severity) String() string {
	if s >= Hint && s <= Error {
		return severityNames[s]
	}
	return "none"
}

// Finding is what a check found.
type Finding struct {
	Check    string // name of the check
	Severity Severity
	Contexts []string // boot entries that it is true of

	// Message says what is wrong in one clause: lower case at the start, no
	// full stop, names quoted in backticks.
	Message string
	// Help says what to do about it; it may be empty.
	Help string
	// Subject is the fact that is wrong.
	Subject Source
	Related []Related
	Devices []pci.Addr // devices of the machine that it is about
	Fix     *Fix       // what mends it; nil if there is no single answer
}

// Related is another fact that explains a finding.
type Related struct {
	Source  Source
	Message string
}

// Fix is changes to facts that belong together. Fixes that change the same fact
// exclude each other: the value of a change is all of the fact.
type Fix struct {
	Title string // a phrase with a verb
	// Safe is set if this is the only reading of what is written, so that it
	// may be applied unasked.
	Safe    bool
	Changes []Change
}

// Change changes one fact.
type Change struct {
	Kind   ChangeKind
	Source Source // the fact; for Add a fact of the list, or nil
	// Option is the option to add to, if there is no fact to add it beside.
	Option string
	Value  string // the new value
}

// ChangeKind is what a [Change] does.
type ChangeKind uint8

// Kinds of changes.
const (
	// Replace gives the fact another value.
	Replace ChangeKind = iota
	// Remove takes the fact away.
	Remove
	// Add puts a value into the list or text of an option.
	Add
)

// ref is the place of a fact and whether it is certain.
type ref struct {
	source Source
	maybe  bool
}

// key identifies findings that are the same in several contexts.
type key struct {
	check, message string
	subject        Source
	severity       Severity
}

// merge joins findings that are the same in several contexts.
func merge(fs []Finding) []Finding {
	var out []Finding
	at := map[key]int{}
	for _, f := range fs {
		k := key{f.Check, f.Message, f.Subject, f.Severity}
		if i, ok := at[k]; ok {
			for _, c := range f.Contexts {
				if !slices.Contains(out[i].Contexts, c) {
					out[i].Contexts = append(out[i].Contexts, c)
				}
			}
			continue
		}
		at[k] = len(out)
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), strings.Compare(a.Check, b.Check))
	})
	return out
}
