package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
)

// The characters that separate the parts of a workflow command of GitHub
// Actions, as its runner takes them back. A percent sign goes with them, for
// what is escaped starts with one.
var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// github writes workflow commands, which GitHub shows beside the lines of a
// pull request. The place is in the message too: the log shows nothing else.
//
// A range over several lines has no columns; GitHub allows them on one line
// only.
func (d *Document) github(w io.Writer) error {
	for r, f := range d.findings() {
		p := r.jsonPlace(f.File, f.Span)
		columns := ""
		if p.Line == p.EndLine {
			columns = fmt.Sprintf(",col=%d,endColumn=%d", p.Column, p.EndColumn)
		}
		message := fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, withHelp(f))
		if _, err := fmt.Fprintf(w, "::%s file=%s,line=%d,endLine=%d%s,title=%s::%s\n", githubCommand(f.Severity),
			githubProperty.Replace(p.File), p.Line, p.EndLine, columns,
			githubProperty.Replace("nixlint ("+f.Rule+")"), githubData.Replace(message)); err != nil {
			return err
		}
	}
	return nil
}

func githubCommand(s diagnostic.Severity) string {
	if s == diagnostic.Info {
		return "notice"
	}
	return s.String()
}
