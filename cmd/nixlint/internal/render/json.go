package render

import (
	"encoding/json"
	"io"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

// The JSON form. Lines and columns count from 1, columns in characters, bytes
// from 0. Fields are only ever added within a version.
type jsonReport struct {
	Version  int           `json:"version"`
	Findings []jsonFinding `json:"findings"`
	Files    int           `json:"files"`
}

type jsonFinding struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	jsonPlace
	Message string        `json:"message"`
	Help    string        `json:"help,omitempty"`
	Related []jsonRelated `json:"related,omitempty"`
	Fix     *jsonFix      `json:"fix,omitempty"`
}

type jsonPlace struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
}

type jsonRelated struct {
	jsonPlace
	Message string `json:"message"`
}

type jsonFix struct {
	Title string     `json:"title"`
	Safe  bool       `json:"safe"`
	Edits []jsonEdit `json:"edits"`
}

type jsonEdit struct {
	File      string `json:"file"`
	StartByte uint32 `json:"startByte"`
	EndByte   uint32 `json:"endByte"`
	Text      string `json:"text"`
	Create    bool   `json:"create,omitempty"` // the file does not exist yet
}

func (d *Document) json(w io.Writer) error {
	out := jsonReport{Version: 1, Findings: []jsonFinding{}, Files: d.files()}
	for r, f := range d.findings() {
		out.Findings = append(out.Findings, r.jsonFinding(f))
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(out)
}

func (r *Report) jsonFinding(d diagnostic.Diagnostic) jsonFinding {
	f := jsonFinding{
		Rule: d.Rule, Severity: d.Severity.String(), jsonPlace: r.jsonPlace(d.File, d.Span),
		Message: d.Message, Help: d.Help,
	}
	for _, rel := range d.Related {
		f.Related = append(f.Related, jsonRelated{r.jsonPlace(rel.File, rel.Span), rel.Message})
	}
	if d.Fix != nil {
		f.Fix = &jsonFix{Title: d.Fix.Title, Safe: d.Fix.Safe}
		for _, e := range d.Fix.Edits {
			f.Fix.Edits = append(f.Fix.Edits, jsonEdit{r.slashed(e.File), e.Span.Start, e.Span.End, e.Text, e.Create})
		}
	}
	return f
}

func (r *Report) jsonPlace(file string, s parser.Span) jsonPlace {
	p := jsonPlace{File: r.slashed(file)}
	p.Line, p.Column = r.place(file, s.Start)
	p.EndLine, p.EndColumn = r.place(file, s.End)
	return p
}
