package render

import (
	"encoding/json"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/parser"
)

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	// sarifRoot is the name by which paths refer to the folder they are
	// relative to.
	sarifRoot = "SRCROOT"
	// sarifFingerprint names the fingerprints and the way they are made.
	sarifFingerprint = "findingHash/v1"
)

// sarif writes the Static Analysis Results Interchange Format, version 2.1.0
// of OASIS.
func (d *Document) sarif(w io.Writer) error {
	run := sarifRun{
		Tool: sarifTool{Driver: sarifDriver{
			Name: "nixlint", Version: d.Version, InformationURI: rules.HomeURL, Rules: sarifRules(),
		}},
		OriginalURIBaseIDs: map[string]sarifArtifact{sarifRoot: {URI: strings.TrimSuffix(fileURI(d.Dir), "/") + "/"}},
		DefaultEncoding:    "utf-8",
		ColumnKind:         "unicodeCodePoints",
		Results:            []sarifResult{},
	}
	index := make(map[string]int)
	for i, r := range run.Tool.Driver.Rules {
		index[r.ID] = i
	}
	prints := d.fingerprints()
	for r, f := range d.findings() {
		result := d.sarifResult(r, f)
		i, ok := index[f.Rule]
		if !ok {
			i = len(run.Tool.Driver.Rules)
			index[f.Rule] = i
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifOwnRule(f))
		}
		result.RuleIndex = i
		result.PartialFingerprints = map[string]string{sarifFingerprint: prints[len(run.Results)]}
		run.Results = append(run.Results, result)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

// sarifRules describes all rules.
func sarifRules() []sarifRule {
	var out []sarifRule
	for _, r := range rules.All() {
		out = append(out, sarifRule{
			ID:                   r.Name,
			Name:                 pascalCase(r.Name),
			ShortDescription:     sarifText{Text: sentence(r.Summary)},
			FullDescription:      sarifText{Text: r.Explanation()},
			Help:                 sarifText{Text: sentence(r.Summary) + "\n\n" + r.Explanation(), Markdown: r.Markdown()},
			HelpURI:              r.URL(),
			DefaultConfiguration: sarifConfiguration{Enabled: r.Default, Level: sarifLevels[r.Severity]},
			Properties:           &sarifRuleProperties{Tags: []string{r.Group}},
		})
	}
	return out
}

// sarifOwnRule describes the rule of a finding that is none of nixlint's: one
// that the repository defines.
func sarifOwnRule(f diagnostic.Diagnostic) sarifRule {
	return sarifRule{
		ID:                   f.Rule,
		Name:                 pascalCase(f.Rule),
		ShortDescription:     sarifText{Text: "A rule of the repository's own."},
		DefaultConfiguration: sarifConfiguration{Enabled: true, Level: sarifLevels[f.Severity]},
	}
}

func (d *Document) sarifResult(r *Report, f diagnostic.Diagnostic) sarifResult {
	out := sarifResult{
		RuleID:    f.Rule,
		Level:     sarifLevels[f.Severity],
		Message:   sarifMessage(withHelp(f)),
		Locations: []sarifLocation{{Physical: d.sarifPlace(r, f.File, f.Span)}},
	}
	for i, rel := range f.Related {
		id := i + 1
		loc := sarifLocation{ID: &id, Physical: d.sarifPlace(r, rel.File, rel.Span)}
		if rel.Message != "" {
			message := sarifMessage(rel.Message)
			loc.Message = &message
		}
		out.RelatedLocations = append(out.RelatedLocations, loc)
	}
	if f.Fix != nil {
		out.Fixes = []sarifFix{d.sarifFix(r, f.Fix)}
	}
	return out
}

// sarifFix describes a fix, the edits of each file together.
func (d *Document) sarifFix(r *Report, fix *diagnostic.Fix) sarifFix {
	out := sarifFix{Description: sarifMessage(fix.Title), Properties: sarifFixProperties{Safe: fix.Safe}}
	index := make(map[string]int)
	for _, e := range fix.Edits {
		i, ok := index[e.File]
		if !ok {
			i = len(out.Changes)
			index[e.File] = i
			out.Changes = append(out.Changes, sarifChange{Artifact: d.sarifArtifact(r, e.File)})
		}
		out.Changes[i].Replacements = append(out.Changes[i].Replacements,
			sarifReplacement{Deleted: r.sarifRegion(e.File, e.Span).sarifTextRegion, Inserted: sarifContent{Text: e.Text}})
	}
	return out
}

func (d *Document) sarifPlace(r *Report, file string, s parser.Span) sarifPhysical {
	return sarifPhysical{Artifact: d.sarifArtifact(r, file), Region: r.sarifRegion(file, s)}
}

// sarifArtifact names a file relative to the document's folder, or in full if
// it lies outside.
func (d *Document) sarifArtifact(r *Report, file string) sarifArtifact {
	name := r.slashed(file)
	if filepath.IsAbs(name) {
		return sarifArtifact{URI: fileURI(name)}
	}
	if name == ".." || strings.HasPrefix(name, "../") {
		return sarifArtifact{URI: fileURI(path.Join(filepath.ToSlash(d.Dir), name))}
	}
	return sarifArtifact{URI: (&url.URL{Path: name}).String(), BaseID: sarifRoot}
}

// fileURI is the URI of a full path.
func fileURI(name string) string {
	name = filepath.ToSlash(name)
	if !strings.HasPrefix(name, "/") {
		name = "/" + name // before the letter of a Windows drive
	}
	return (&url.URL{Scheme: "file", Path: name}).String()
}

func (r *Report) sarifRegion(file string, s parser.Span) sarifRegion {
	p := r.jsonPlace(file, s)
	text := r.textOf(file)
	start := min(int(s.Start), len(text))
	end := max(start, min(int(s.End), len(text)))
	return sarifRegion{
		sarifTextRegion: sarifTextRegion{
			StartLine: p.Line, StartColumn: p.Column, EndLine: p.EndLine, EndColumn: p.EndColumn,
			CharOffset: utf8.RuneCountInString(text[:start]), CharLength: utf8.RuneCountInString(text[start:end]),
		},
		ByteOffset: start, ByteLength: end - start,
	}
}

// sarifLevels are the names of our severities.
var sarifLevels = [...]string{diagnostic.Info: "note", diagnostic.Warning: "warning", diagnostic.Error: "error"}

// sarifMessage is a text as message: braces, which stand around placeholders,
// are doubled (section 3.11.5 of the standard).
func sarifMessage(text string) sarifText {
	return sarifText{Text: strings.NewReplacer("{", "{{", "}", "}}").Replace(text)}
}

// pascalCase turns "unused-binding" into "UnusedBinding".
func pascalCase(name string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(name, "-") {
		if part != "" {
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return b.String()
}

// sentence gives a clause its capital letter and full stop.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] + "." }
