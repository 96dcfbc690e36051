package render

import (
	"encoding/json"
	"io"
	"strconv"

	"github.com/nixlint/nixlint/analysis/diagnostic"
)

// gitlabFinding is one entry of a Code Quality report of GitLab, which is a
// list of them.
type gitlabFinding struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
	End   int `json:"end"`
}

// gitlabSeverities are the names for our severities among GitLab's info, minor,
// major, critical and blocker.
var gitlabSeverities = [...]string{diagnostic.Info: "info", diagnostic.Warning: "major", diagnostic.Error: "critical"}

func (d *Document) gitlab(w io.Writer) error {
	out := []gitlabFinding{}
	prints := d.fingerprints()
	for r, f := range d.findings() {
		p := r.jsonPlace(f.File, f.Span)
		out = append(out, gitlabFinding{
			Description: withHelp(f),
			CheckName:   f.Rule,
			Fingerprint: prints[len(out)],
			Severity:    gitlabSeverities[f.Severity],
			Location:    gitlabLocation{p.File, gitlabLines{p.Line, p.EndLine}},
		})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(out)
}

// fingerprints returns a key for each finding that no other has and that stays
// the same while other lines change.
func (d *Document) fingerprints() []string {
	var out []string
	seen := make(map[string]int)
	for _, r := range d.Reports {
		for _, print := range diagnostic.Fingerprints(r.Findings, r.textOf) {
			// Two repositories can hold the same file.
			if seen[print]++; seen[print] > 1 {
				print += "-" + strconv.Itoa(seen[print])
			}
			out = append(out, print)
		}
	}
	return out
}
