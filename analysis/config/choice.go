package config

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/diagnostic"
)

// Rule is what the settings need to know of a rule.
type Rule struct {
	Name    string
	Group   string
	Summary string   // what it finds, in one clause
	Presets []Preset // those that it belongs to
}

// Names in a choice that are not of rules.
const (
	allRules = "all"
	// UserGroup is the group of the user's own rules.
	UserGroup = "user"
)

// Rules that settings treat in a special way.
const (
	syntaxRule = "syntax"                     // always on: there is nothing else to say about such a file
	reasonRule = "suppression-without-reason" // require-suppression-reason turns it on
)

// RuleSetting says whether a rule runs, and how grave its findings are.
type RuleSetting struct {
	On   bool
	From Origin // of On
	// Severity is that of all findings of the rule; 0 leaves each the severity
	// that it has from the rule.
	Severity     diagnostic.Severity
	SeverityFrom Origin
}

// choosing is the choice of rules while the tables that make it are gone
// through, from the general to the particular.
type choosing struct {
	rules    []Rule
	settings map[string]RuleSetting
	// kept are the rules that a table about single files has turned off; they
	// stay off if rules are selected on the command line.
	kept map[string]bool
}

// preset turns on the rules of a preset, and the others off except those of
// the user.
func (c *choosing) preset(preset Preset, from Origin) {
	for _, r := range c.rules {
		if r.Group != UserGroup {
			s := c.settings[r.Name]
			s.On = r.Name == syntaxRule || preset == All || slices.Contains(r.Presets, preset)
			s.From = from
			c.settings[r.Name] = s
		}
	}
}

// set turns one rule on or off.
func (c *choosing) set(rule string, on bool, from Origin) {
	s := c.settings[rule]
	s.On, s.From = on, from
	c.settings[rule] = s
}

// source returns where the value of a key of a table comes from.
type source func(key string, at Pos) Origin

// apply goes through a table. The rules in own are defined beside it, at these
// places, and run unless it says otherwise.
func (c *choosing) apply(t Choice, own map[string]Pos, from source) {
	for _, r := range c.rules {
		if r.Name == syntaxRule {
			continue
		}
		s := c.settings[r.Name]
		on := closest(t.ExtendSelect, r, "extend-select", from).or(closest(t.Select, r, "select", from))
		if at, ok := own[r.Name]; ok {
			on = on.or(mention{ownName, from("rule", at)})
		}
		off := closest(t.Ignore, r, "ignore", from)
		level, severity := closestLevel(t.Severity, r, from)
		switch {
		case level.closeness == 0:
		case severity == 0:
			off = off.or(level)
		default:
			s.Severity, s.SeverityFrom = severity, level.from
			if level.closeness == ownName {
				on = on.or(level)
			}
		}
		switch {
		case on.closeness > off.closeness:
			s.On, s.From = true, on.from
		case off.closeness > 0:
			s.On, s.From = false, off.from
		case t.Select != nil:
			s.On, s.From = false, from("select", firstPlace(t.Select))
		}
		c.settings[r.Name] = s
	}
}

// applyPerFile is apply for a table about single files.
func (c *choosing) applyPerFile(t Choice, from source) {
	was := make(map[string]bool, len(c.rules))
	for _, r := range c.rules {
		was[r.Name] = c.settings[r.Name].On
	}
	c.apply(t, nil, from)
	for _, r := range c.rules {
		if on := c.settings[r.Name].On; on != was[r.Name] {
			c.kept[r.Name] = !on
		}
	}
}

// applyFlags is apply for the command line.
func (c *choosing) applyFlags(t Choice) {
	c.apply(t, nil, func(key string, _ Pos) Origin { return Origin{Kind: FromFlag, Name: "--" + key} })
	if t.Select == nil {
		return
	}
	for rule, off := range c.kept {
		if s := c.settings[rule]; off {
			s.On = false
			c.settings[rule] = s
		}
	}
}

// How closely a name in a table names a rule.
const (
	asOneOfAll = iota + 1
	asOneOfGroup
	ownName
)

// mention is the closest naming of a rule in a list; closeness is 0 if there is
// none.
type mention struct {
	closeness int
	from      Origin
}

// or returns the closer of two mentions, the receiver if they are alike.
func (m mention) or(n mention) mention {
	if n.closeness > m.closeness {
		return n
	}
	return m
}

func closeness(name string, r Rule) int {
	switch name {
	case r.Name:
		return ownName
	case r.Group:
		return asOneOfGroup
	case allRules:
		return asOneOfAll
	}
	return 0
}

func closest(names []Entry[RuleName], r Rule, key string, from source) (m mention) {
	for _, n := range names {
		if c := closeness(string(n.Value), r); c > m.closeness {
			m = mention{c, from(key, n.At)}
		}
	}
	return m
}

func closestLevel(levels Keyed[Entry[Level]], r Rule, from source) (m mention, s diagnostic.Severity) {
	for _, l := range levels {
		if c := closeness(l.Key.Value, r); c > m.closeness {
			m, s = mention{c, from("severity", l.Key.At)}, l.Value.Value.severity()
		}
	}
	return m, s
}

func firstPlace(names []Entry[RuleName]) Pos {
	if len(names) == 0 {
		return Pos{}
	}
	return names[0].At
}
