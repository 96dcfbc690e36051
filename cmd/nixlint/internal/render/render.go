// Package render writes findings in the formats that people and programs read.
package render

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

// Report is what a check has found.
type Report struct {
	Findings []diagnostic.Diagnostic
	Files    int // how many were checked
	// Text returns the text of a file of the repository.
	Text func(file string) string
	// Show returns how a file is named to the reader: relative to the working
	// directory.
	Show func(file string) string

	lines map[string]*parser.Lines
}

// Formats are the names of all formats.
var Formats = []string{"human", "short", "json"}

// Write writes the report in the named format.
func (r *Report) Write(w io.Writer, format string) error {
	switch format {
	case "human":
		return r.human(w)
	case "short":
		return r.short(w)
	case "json":
		return r.json(w)
	}
	return fmt.Errorf("unknown format %q: it is one of %s", format, strings.Join(Formats, ", "))
}

// linesOf returns the line table of a file.
func (r *Report) linesOf(file string) *parser.Lines {
	if l, ok := r.lines[file]; ok {
		return l
	}
	if r.lines == nil {
		r.lines = make(map[string]*parser.Lines)
	}
	l := parser.NewLines(r.Text(file))
	r.lines[file] = l
	return l
}

// place returns the line and character column of an offset, counted from 1.
func (r *Report) place(file string, offset uint32) (line, column int) {
	l, c := r.linesOf(file).Character(offset)
	return l + 1, c + 1
}

// short writes a line for each finding: file:line:column: severity: message [rule].
func (r *Report) short(w io.Writer) error {
	for _, d := range r.Findings {
		line, column := r.place(d.File, d.Span.Start)
		if _, err := fmt.Fprintf(w, "%s:%d:%d: %s: %s [%s]\n", r.Show(d.File), line, column, d.Severity, d.Message, d.Rule); err != nil {
			return err
		}
	}
	return nil
}

// Statistics writes how often each rule found something, the most frequent
// first.
func (r *Report) Statistics(w io.Writer) error {
	type row struct {
		rule  string
		count int
	}
	var rows []row
	for _, d := range r.Findings {
		i := slices.IndexFunc(rows, func(x row) bool { return x.rule == d.Rule })
		if i < 0 {
			i = len(rows)
			rows = append(rows, row{rule: d.Rule})
		}
		rows[i].count++
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(b.count-a.count, strings.Compare(a.rule, b.rule))
	})
	for _, x := range rows {
		if _, err := fmt.Fprintf(w, "%6d  %s\n", x.count, x.rule); err != nil {
			return err
		}
	}
	return nil
}

// ShowRelative returns a Show function that names the files of a repository
// relative to a working directory, and those outside of it by their full path.
func ShowRelative(root, workdir string) func(string) string {
	return func(file string) string {
		full := filepath.Join(root, filepath.FromSlash(file))
		rel, err := filepath.Rel(workdir, full)
		if err != nil {
			return full
		}
		return rel
	}
}
