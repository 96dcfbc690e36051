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
	// IsPath is set if the value is the absolute name of a file or folder, or
	// empty.
	IsPath bool
}

// Shown returns the settings that are in force, except those of rules. The
// keys check.excluded and fmt.excluded say whether the file is excluded.
func (s *Settings) Shown() []Shown {
	out := []Shown{
		{Key: "check.preset", Value: string(s.Preset.Value), From: s.Preset.From},
		{Key: "check.excluded", Value: s.CheckExcluded.Value, From: s.CheckExcluded.From},
		{Key: "check.baseline", Value: s.Baseline.Value, From: s.Baseline.From, IsPath: true},
		{Key: "fmt.width", Value: s.Width.Value, From: s.Width.From},
		{Key: "fmt.indent", Value: s.Indent.Value, From: s.Indent.From},
		{Key: "fmt.strict", Value: s.Strict.Value, From: s.Strict.From},
		{Key: "fmt.excluded", Value: s.FmtExcluded.Value, From: s.FmtExcluded.From},
	}
	for _, g := range s.reachable {
		out = append(out, Shown{Key: "repo.reachable", Value: string(g.glob), From: g.from})
	}
	for _, host := range slices.Sorted(maps.Keys(s.Snapshots)) {
		v := s.Snapshots[host]
		out = append(out, Shown{"hosts." + quoteKey(host) + ".snapshot", v.Value, v.From, true})
	}
	for _, g := range s.Guests {
		out = append(out, Shown{Key: "vfio.guests", Value: string(g.Value), From: g.From})
	}
	out = append(out, Shown{Key: "vfio.max-age", Value: s.MaxAge.Value, From: s.MaxAge.From})
	for _, input := range slices.Sorted(maps.Keys(s.Inputs)) {
		v := s.Inputs[input]
		out = append(out, Shown{"inputs." + quoteKey(input), v.Value, v.From, true})
	}
	return out
}
