package render

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/rules"
)

// written writes the document that is awkward to show.
func written(t *testing.T, d *Document, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := d.Write(&b, format); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestSARIFRegions reads regions back by characters and by bytes.
func TestSARIFRegions(t *testing.T) {
	d := document()
	var log sarifLog
	if err := json.Unmarshal(written(t, d, "sarif"), &log); err != nil {
		t.Fatal(err)
	}
	i := 0
	for r, f := range d.findings() {
		text := r.Text(f.File)
		want := text[f.Span.Start:f.Span.End]
		region := log.Runs[0].Results[i].Locations[0].Physical.Region
		if got := text[region.ByteOffset : region.ByteOffset+region.ByteLength]; got != want {
			t.Errorf("%s: the bytes are %q, want %q", f.Message, got, want)
		}
		if got := string([]rune(text)[region.CharOffset : region.CharOffset+region.CharLength]); got != want {
			t.Errorf("%s: the characters are %q, want %q", f.Message, got, want)
		}
		i++
	}
}

// TestSARIFDescribesRules looks that every rule says what it is and where its
// page is.
func TestSARIFDescribesRules(t *testing.T) {
	for _, r := range sarifRules() {
		if !strings.HasSuffix(r.ShortDescription.Text, ".") || r.FullDescription.Text == "" || !strings.HasPrefix(r.Help.Markdown, "# "+r.ID) {
			t.Errorf("%s is not described: %+v", r.ID, r)
		}
		page, ok := strings.CutPrefix(r.HelpURI, rules.HomeURL+"/blob/main/")
		if _, err := os.Stat(filepath.Join("..", "..", "..", "..", page)); !ok || err != nil {
			t.Errorf("%s has no page %s", r.ID, r.HelpURI)
		}
	}
}

// githubCommandLine is a workflow command as the runner reads it: what stands
// between the first two pairs of colons are the name and the properties.
var githubCommandLine = regexp.MustCompile(`^::([a-z]+) (.*?)::(.*)$`)

// unescape is the inverse of the escaping in workflow commands. Everything that
// is escaped must be among the characters; a percent sign comes last, as the
// runner does it.
func unescape(t *testing.T, s, characters string) string {
	t.Helper()
	if strings.ContainsAny(s, strings.ReplaceAll(characters, "%", "")) {
		t.Errorf("%q has a character that separates", s)
	}
	for _, c := range characters {
		s = strings.ReplaceAll(s, fmt.Sprintf("%%%02X", c), string(c))
	}
	return s
}

func TestGitHubCommandsReadBack(t *testing.T) {
	d := document()
	lines := strings.Split(strings.TrimSuffix(string(written(t, d, "github")), "\n"), "\n")
	i := 0
	for r, f := range d.findings() {
		m := githubCommandLine.FindStringSubmatch(lines[i])
		i++
		if m == nil {
			t.Errorf("%q is no command", lines[i-1])
			continue
		}
		properties := make(map[string]string)
		for p := range strings.SplitSeq(m[2], ",") {
			key, value, _ := strings.Cut(p, "=")
			properties[key] = unescape(t, value, "\r\n:,%")
		}
		p := r.jsonPlace(f.File, f.Span)
		want := map[string]string{"file": p.File, "title": "nixlint (" + f.Rule + ")", "line": fmt.Sprint(p.Line), "endLine": fmt.Sprint(p.EndLine)}
		if p.Line == p.EndLine {
			want["col"], want["endColumn"] = fmt.Sprint(p.Column), fmt.Sprint(p.EndColumn)
		}
		if !maps.Equal(properties, want) {
			t.Errorf("the properties are %v, want %v", properties, want)
		}
		if command := map[string]string{"info": "notice"}[f.Severity.String()]; m[1] != f.Severity.String() && m[1] != command {
			t.Errorf("the command for %s is %s", f.Severity, m[1])
		}
		if message := unescape(t, m[3], "\r\n%"); !strings.HasSuffix(message, ": "+withHelp(f)) {
			t.Errorf("the message is %q, want %q", message, withHelp(f))
		}
	}
	if i != len(lines) {
		t.Errorf("there are %d lines for %d findings", len(lines), i)
	}
}

func TestGitLabFingerprintsAreUnique(t *testing.T) {
	d := document()
	d.Reports = append(d.Reports, d.Reports...)
	var findings []gitlabFinding
	if err := json.Unmarshal(written(t, d, "gitlab"), &findings); err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, f := range findings {
		if f.Fingerprint == "" || seen[f.Fingerprint] {
			t.Errorf("the fingerprint %q is there twice", f.Fingerprint)
		}
		seen[f.Fingerprint] = true
		if !slices.Contains([]string{"info", "minor", "major", "critical", "blocker"}, f.Severity) {
			t.Errorf("GitLab knows no severity %q", f.Severity)
		}
	}
}

// inXML is a text as XML can hold it.
func inXML(s string) string { return strings.ReplaceAll(s, "\x1b", "\uFFFD") }

// TestXMLReadsBack reads the XML formats with the texts that have to be escaped.
func TestXMLReadsBack(t *testing.T) {
	d := document()
	var c checkstyleReport
	if err := xml.Unmarshal(written(t, d, "checkstyle"), &c); err != nil {
		t.Fatal(err)
	}
	var j junitReport
	if err := xml.Unmarshal(written(t, d, "junit"), &j); err != nil {
		t.Fatal(err)
	}
	groups := d.byFile()
	if len(c.Files) != len(groups) || len(j.Suites) != len(groups) {
		t.Fatalf("%d and %d files, want %d", len(c.Files), len(j.Suites), len(groups))
	}
	for i, g := range groups {
		if c.Files[i].Name != g.file || j.Suites[i].Name != g.file {
			t.Errorf("the file is %q and %q, want %q", c.Files[i].Name, j.Suites[i].Name, g.file)
		}
		for k, f := range g.findings {
			if got := c.Files[i].Errors[k].Message; got != inXML(withHelp(f)) {
				t.Errorf("checkstyle: the message is %q, want %q", got, withHelp(f))
			}
			if got := j.Suites[i].Cases[k].Failure.Message; got != inXML(f.Message) {
				t.Errorf("junit: the message is %q, want %q", got, f.Message)
			}
		}
	}
}
