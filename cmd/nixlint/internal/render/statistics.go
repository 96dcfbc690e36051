package render

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// jsonStatistics is the JSON form of statistics; the rules are in the order of
// the other form.
type jsonStatistics struct {
	Version int        `json:"version"`
	Rules   []ruleFreq `json:"rules"`
	Files   int        `json:"files"`
}

// ruleFreq says how often a rule found something, and how many of its findings
// have a fix.
type ruleFreq struct {
	Rule     string `json:"rule"`
	Findings int    `json:"findings"`
	Fixable  int    `json:"fixable"`
}

// Statistics writes how often each rule found something, the most frequent
// first, in the format "human" or "json".
func (d *Document) Statistics(w io.Writer, format string) error {
	rows := []ruleFreq{}
	for _, f := range d.findings() {
		i := slices.IndexFunc(rows, func(x ruleFreq) bool { return x.Rule == f.Rule })
		if i < 0 {
			i = len(rows)
			rows = append(rows, ruleFreq{Rule: f.Rule})
		}
		rows[i].Findings++
		if f.Fix != nil {
			rows[i].Fixable++
		}
	}
	slices.SortFunc(rows, func(a, b ruleFreq) int {
		return cmp.Or(b.Findings-a.Findings, strings.Compare(a.Rule, b.Rule))
	})
	switch format {
	case "json":
		return json.NewEncoder(w).Encode(jsonStatistics{Version: 1, Rules: rows, Files: d.files()})
	case "human":
		for _, x := range rows {
			if _, err := fmt.Fprintf(w, "%6d  %s\n", x.Findings, x.Rule); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("statistics are printed as human or json, not as %s", format)
}
