package config

import (
	"maps"
	"slices"
)

// Shown is a setting for people to read.
type Shown struct {
	Key   string // as in the file of settings, dotted
	Value any    // a string, number or truth value
	From  Origin
}

// Shown returns the settings that are in force, except those of rules. The
// keys check.excluded and fmt.excluded say whether the file is excluded.
func (s *Settings) Shown() []Shown {
	out := []Shown{
		{"check.preset", string(s.Preset.Value), s.Preset.From},
		{"check.excluded", s.CheckExcluded.Value, s.CheckExcluded.From},
		{"check.baseline", s.Baseline.Value, s.Baseline.From},
		{"fmt.width", s.Width.Value, s.Width.From},
		{"fmt.indent", s.Indent.Value, s.Indent.From},
		{"fmt.strict", s.Strict.Value, s.Strict.From},
		{"fmt.excluded", s.FmtExcluded.Value, s.FmtExcluded.From},
	}
	for _, g := range s.reachable {
		out = append(out, Shown{"repo.reachable", string(g.glob), g.from})
	}
	for _, host := range slices.Sorted(maps.Keys(s.Snapshots)) {
		v := s.Snapshots[host]
		out = append(out, Shown{"hosts." + quoteKey(host) + ".snapshot", v.Value, v.From})
	}
	for _, input := range slices.Sorted(maps.Keys(s.Inputs)) {
		v := s.Inputs[input]
		out = append(out, Shown{"inputs." + quoteKey(input), v.Value, v.From})
	}
	return out
}
