package render

import (
	"encoding/xml"
	"fmt"
	"io"
)

// The XML form of JUnit, which most CI services show as test results. Each file
// with findings is a suite, each finding a test that failed; if there are none,
// one test has passed.
type junitReport struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitFailure `xml:"failure"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func (d *Document) junit(w io.Writer) error {
	out := junitReport{Name: "nixlint"}
	for _, group := range d.byFile() {
		n := len(group.findings)
		suite := junitSuite{Name: group.file, Tests: n, Failures: n}
		for _, f := range group.findings {
			line, column := group.report.place(f.File, f.Span.Start)
			suite.Cases = append(suite.Cases, junitCase{
				Name:  fmt.Sprintf("%s at %d:%d", f.Rule, line, column),
				Class: group.file, File: group.file, Line: line,
				Failure: &junitFailure{f.Severity.String(), f.Message,
					fmt.Sprintf("%s:%d:%d: %s", group.file, line, column, withHelp(f))},
			})
		}
		out.Tests += n
		out.Failures += n
		out.Suites = append(out.Suites, suite)
	}
	if out.Tests == 0 {
		out.Tests = 1
		out.Suites = []junitSuite{{Name: "nixlint", Tests: 1, Cases: []junitCase{{Name: "no findings", Class: "nixlint"}}}}
	}
	return writeXML(w, out)
}
