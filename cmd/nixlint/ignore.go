package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
	nixfmt "github.com/nixlint/nixlint/fmt"
	"github.com/nixlint/nixlint/parser"
)

// ignoreFlags are the flags that write suppressions.
type ignoreFlags struct {
	add    bool
	reason string
}

func (f *ignoreFlags) addTo(flags *pflag.FlagSet) {
	flags.BoolVar(&f.add, "add-ignore", false, "write comments that keep all present findings back")
	flags.StringVar(&f.reason, "reason", "present when nixlint was adopted", "what the comments of --add-ignore give as the reason")
}

// ignoreRoot writes comments into the files of a repository that keep back all
// findings at and below the paths. What no comment on a line can keep back, such as
// a finding inside a text of several lines, one for the whole file does. Syntax
// errors stay.
func ignoreRoot(settings *config.Config, root string, paths []string, workdir string, f checkFlags) (*render.Report, error) {
	inside, err := below(settings, root, paths)
	if err != nil {
		return nil, err
	}
	options, err := f.inputs.options(root, settings)
	if err != nil {
		return nil, err
	}
	options.Jobs = f.jobs
	options.Overlay = make(map[string]string)
	before := make(map[string]string)
	for round := 0; ; round++ {
		r, err := repo.Open(root, options)
		if err != nil {
			return nil, err
		}
		findings, err := rules.Check(r, settings, f.jobs)
		if err != nil {
			return nil, err
		}
		byFile := make(map[string][]diagnostic.Diagnostic)
		for _, d := range findings {
			if d.Rule != "syntax" && inside(d.File) && strings.HasSuffix(d.File, ".nix") {
				byFile[d.File] = append(byFile[d.File], d)
			}
		}
		// The third round sees what the comments brought about.
		if len(byFile) == 0 || round == 3 {
			for _, file := range slices.Sorted(maps.Keys(options.Overlay)) {
				if err := writeFixed(root, file, before[file], options.Overlay[file]); err != nil {
					return nil, err
				}
			}
			fmt.Fprintf(f.progress, "wrote comments into %d files\n", len(options.Overlay))
			return reportOn(r, workdir, f, inside, findings), nil
		}
		for file, ds := range byFile {
			text, err := r.Text(file)
			if err != nil {
				return nil, err
			}
			if _, seen := before[file]; !seen {
				before[file] = text
			}
			if tree := parser.Parse(text); len(tree.Errors()) > 0 {
				continue
			}
			layout, err := layoutOf(settings, filepath.Join(root, filepath.FromSlash(file)))
			if err != nil {
				return nil, err
			}
			options.Overlay[file] = ignored(text, ds, f.ignore.reason, round > 0, layout)
		}
	}
}

// ignored returns a text with comments that keep findings back. A formatted text
// stays one.
func ignored(text string, ds []diagnostic.Diagnostic, reason string, wholeFile bool, layout nixfmt.Options) string {
	formatted, err := nixfmt.Format(text, layout)
	wasFormatted := err == nil && formatted == text
	out := text
	if wholeFile {
		out = ignoreFile(text, ds, reason)
	} else {
		out = ignoreLines(text, ds, reason)
	}
	if wasFormatted {
		if again, err := nixfmt.Format(out, layout); err == nil {
			out = again
		}
	}
	return out
}

// ignoreFile puts one comment before everything else.
func ignoreFile(text string, ds []diagnostic.Diagnostic, reason string) string {
	return "# nixlint-ignore-file " + ruleNames(ds) + ": " + reason + "\n" + text
}

// ignoreLines puts a comment above every line with findings, where comments can
// be. A comment of that kind that is there already gets the names.
func ignoreLines(text string, ds []diagnostic.Diagnostic, reason string) string {
	tree := parser.Parse(text)
	lines := tree.Lines()
	byLine := make(map[int][]diagnostic.Diagnostic)
	for _, d := range ds {
		line := lines.Line(d.Span.Start)
		byLine[line] = append(byLine[line], d)
	}
	present := make(map[int]diagnostic.Directive) // by the line they are for
	for _, d := range diagnostic.Directives(tree) {
		if !d.WholeFile && !d.Foreign && d.Unknown == "" && len(d.Rules) > 0 {
			present[d.Line()] = d
		}
	}
	var edits []diagnostic.Edit
	for line, ds := range byLine {
		if d, ok := present[line]; ok {
			last := d.Rules[len(d.Rules)-1].Span.End
			edits = append(edits, diagnostic.Edit{Span: parser.Span{Start: last, End: last}, Text: ", " + ruleNames(ds)})
			continue
		}
		start := lines.Start(line)
		// A line that begins in a text or a comment has no room for one.
		if tok := tree.TokenAt(start); tok.IsValid() && tok.Span().Start < start && start < tok.Span().End || inComment(tree, start) {
			continue
		}
		comment := edit.Indentation(text, start) + "# nixlint-ignore " + ruleNames(ds) + ": " + reason + "\n"
		edits = append(edits, diagnostic.Edit{Span: parser.Span{Start: start, End: start}, Text: comment})
	}
	out, err := diagnostic.Apply(text, edits)
	if err != nil || len(parser.Parse(out).Errors()) > 0 {
		return text
	}
	return out
}

// inComment reports whether an offset is inside of a comment.
func inComment(t *parser.Tree, at uint32) bool {
	for c := range t.Comments() {
		if c.Span.Start < at && at < c.Span.End {
			return true
		}
	}
	return false
}

// ruleNames lists the rules of findings, each once.
func ruleNames(ds []diagnostic.Diagnostic) string {
	var names []string
	for _, d := range ds {
		names = append(names, d.Rule)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}
