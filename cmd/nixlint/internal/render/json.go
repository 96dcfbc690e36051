package render

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

// The JSON form is an object with the version of the form, the findings and the number of
// files. Lines and columns count from 1, columns in characters, bytes from 0. Fields are
// only ever added within a version.
const jsonStart, jsonEnd = `{"version":1,"findings":[`, `],"files":%d}`

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
	type result struct {
		text bytes.Buffer
		err  error
	}
	batches := inBatches(d, func(r *Report) *result {
		out := new(result)
		e := json.NewEncoder(&out.text)
		e.SetEscapeHTML(false)
		for i, f := range r.Findings {
			if i > 0 {
				out.text.Truncate(out.text.Len() - len("\n")) // which the encoder writes after each
				out.text.WriteByte(',')
			}
			if out.err = e.Encode(r.jsonFinding(f)); out.err != nil {
				return out
			}
		}
		return out
	})
	for _, b := range batches {
		if b.err != nil {
			return b.err
		}
	}
	out := bufio.NewWriter(w)
	out.WriteString(jsonStart)
	for i, b := range batches {
		if i > 0 {
			out.WriteByte(',')
		}
		out.Write(bytes.TrimSuffix(b.text.Bytes(), []byte("\n")))
	}
	fmt.Fprintf(out, jsonEnd+"\n", d.files())
	return out.Flush()
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
