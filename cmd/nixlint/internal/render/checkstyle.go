package render

import (
	"encoding/xml"
	"io"

	"github.com/nixlint/nixlint/analysis/diagnostic"
)

// The XML form of Checkstyle, which many services read.
type checkstyleReport struct {
	XMLName xml.Name         `xml:"checkstyle"`
	Version string           `xml:"version,attr"`
	Files   []checkstyleFile `xml:"file"`
}

type checkstyleFile struct {
	Name   string            `xml:"name,attr"`
	Errors []checkstyleError `xml:"error"`
}

type checkstyleError struct {
	Line     int    `xml:"line,attr"`
	Column   int    `xml:"column,attr"`
	Severity string `xml:"severity,attr"`
	Message  string `xml:"message,attr"`
	Source   string `xml:"source,attr"`
}

func (d *Document) checkstyle(w io.Writer) error {
	out := checkstyleReport{Version: "8.0"}
	for _, group := range d.byFile() {
		file := checkstyleFile{Name: group.file}
		for _, f := range group.findings {
			line, column := group.report.place(f.File, f.Span.Start)
			file.Errors = append(file.Errors, checkstyleError{line, column, f.Severity.String(), withHelp(f), "nixlint." + f.Rule})
		}
		out.Files = append(out.Files, file)
	}
	return writeXML(w, out)
}

// fileFindings are the findings of one file.
type fileFindings struct {
	report   *Report
	file     string // as it is shown
	findings []diagnostic.Diagnostic
}

// byFile returns the findings in their order, those of each file together.
func (d *Document) byFile() []fileFindings {
	var out []fileFindings
	index := make(map[string]int)
	for r, f := range d.findings() {
		name := r.slashed(f.File)
		i, ok := index[name]
		if !ok {
			i = len(out)
			index[name] = i
			out = append(out, fileFindings{report: r, file: name})
		}
		out[i].findings = append(out[i].findings, f)
	}
	return out
}

// writeXML writes a value as an XML document. Characters that XML has no way to
// write become U+FFFD.
func writeXML(w io.Writer, v any) error {
	data, err := xml.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xml.Header+string(data)+"\n")
	return err
}
