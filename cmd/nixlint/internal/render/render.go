// Package render writes findings in the formats that people and programs read.
package render

import (
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

// Report is what a check has found in one repository.
type Report struct {
	Findings []diagnostic.Diagnostic
	Files    int // how many were checked
	// Text returns the text of a file of the repository.
	Text func(file string) string
	// Show returns how a file is named to the reader: relative to the
	// document's folder.
	Show func(file string) string

	texts map[string]string
	lines map[string]*parser.Lines
}

// Document is what one run has found, in one repository or in several, and how
// to show it. Every format makes one text of it.
type Document struct {
	Reports []*Report
	Dir     string // absolute path of the folder that files are named relative to
	Version string // nixlint's own
	Style   Style  // of the human format
}

// formats are all formats in the order in which they are offered.
var formats = []struct {
	name  string
	write func(*Document, io.Writer) error
}{
	{"human", (*Document).human},
	{"short", (*Document).short},
	{"json", (*Document).json},
	{"sarif", (*Document).sarif},
	{"github", (*Document).github},
	{"gitlab", (*Document).gitlab},
	{"checkstyle", (*Document).checkstyle},
	{"junit", (*Document).junit},
}

// Formats returns the names of all formats.
func Formats() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// Write writes a document in the named format.
func (d *Document) Write(w io.Writer, format string) error {
	for _, f := range formats {
		if f.name == format {
			return f.write(d, w)
		}
	}
	return UnknownFormat(format)
}

// UnknownFormat is the error for a name that is not that of a format.
func UnknownFormat(name string) error {
	return fmt.Errorf("unknown format %q: it is one of %s", name, strings.Join(Formats(), ", "))
}

// findings are all findings, each with the report it is in.
func (d *Document) findings() iter.Seq2[*Report, diagnostic.Diagnostic] {
	return func(yield func(*Report, diagnostic.Diagnostic) bool) {
		for _, r := range d.Reports {
			for _, f := range r.Findings {
				if !yield(r, f) {
					return
				}
			}
		}
	}
}

// files is how many files were checked.
func (d *Document) files() int {
	n := 0
	for _, r := range d.Reports {
		n += r.Files
	}
	return n
}

// textOf returns the text of a file, which is asked for once.
func (r *Report) textOf(file string) string {
	text, ok := r.texts[file]
	if !ok {
		if r.texts == nil {
			r.texts = make(map[string]string)
		}
		text = r.Text(file)
		r.texts[file] = text
	}
	return text
}

// linesOf returns the line table of a file.
func (r *Report) linesOf(file string) *parser.Lines {
	if l, ok := r.lines[file]; ok {
		return l
	}
	if r.lines == nil {
		r.lines = make(map[string]*parser.Lines)
	}
	l := parser.NewLines(r.textOf(file))
	r.lines[file] = l
	return l
}

// place returns the line and character column of an offset, counted from 1.
func (r *Report) place(file string, offset uint32) (line, column int) {
	l, c := r.linesOf(file).Character(offset)
	return l + 1, c + 1
}

// slashed returns how a file is named to programs: as Show does, with slashes
// on every system.
func (r *Report) slashed(file string) string { return filepath.ToSlash(r.Show(file)) }

// short writes a line for each finding: file:line:column: severity: message [rule].
func (d *Document) short(w io.Writer) error {
	for r, f := range d.findings() {
		line, column := r.place(f.File, f.Span.Start)
		if _, err := fmt.Fprintf(w, "%s:%d:%d: %s: %s [%s]\n", Visible(r.Show(f.File)), line, column, f.Severity, Visible(f.Message), f.Rule); err != nil {
			return err
		}
	}
	return nil
}

// withHelp is what a finding says, with what to do about it.
func withHelp(d diagnostic.Diagnostic) string {
	if d.Help == "" {
		return d.Message
	}
	return d.Message + "\n" + d.Help
}

// ShowRelative returns a Show function that names the files of a repository
// relative to a folder, and those that cannot be named so by their full path.
func ShowRelative(root, dir string) func(string) string {
	return func(file string) string {
		full := filepath.Join(root, filepath.FromSlash(file))
		rel, err := filepath.Rel(dir, full)
		if err != nil {
			return full
		}
		return rel
	}
}
