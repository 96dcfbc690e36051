package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/cmd/nixlint/internal/render"
	"github.com/nixlint/nixlint/parser"
)

// sortedFiles returns the files that were evaluated, by path.
func sortedFiles(ev *eval.Evaluator) []*eval.File {
	files := ev.Files()
	var out []*eval.File
	for _, p := range slices.Sorted(maps.Keys(files)) {
		out = append(out, files[p])
	}
	return out
}

// syntaxFailure prints the syntax errors of a file.
func syntaxFailure(w io.Writer, file *eval.File) error {
	return printFailure(w, map[string]*parser.Tree{file.Path: file.Tree}, diagnostic.FromSyntax(file.Path, file.Tree))
}

// maxShownTrace is how many places of a trace are shown.
const maxShownTrace = 10

// evalFailure prints an error with the place it arose at and what was being
// evaluated there.
func evalFailure(w io.Writer, err *eval.Error) error {
	trace := err.Trace
	at := err.At
	if !at.IsValid() && len(trace) > 0 {
		at = trace[0]
	}
	if !at.IsValid() {
		return errors.New(err.Message)
	}
	trees := map[string]*parser.Tree{at.File.Path: at.File.Tree}
	d := diagnostic.Diagnostic{Severity: diagnostic.Error, File: at.File.Path, Span: at.Span(), Message: err.Message}
	if failure := printFailure(w, trees, []diagnostic.Diagnostic{d}); !errors.Is(failure, errFailure) {
		return failure
	}
	shown, last := 0, at
	for _, t := range trace {
		what := describeFrame(t)
		if what == "" || t == last {
			continue
		}
		last = t
		if shown++; shown > maxShownTrace {
			fmt.Fprintln(w, "  …")
			break
		}
		line, column := t.File.Tree.Lines().Character(t.Span().Start)
		fmt.Fprintf(w, "  in %s  %s:%d:%d\n", what, showPath(t.File.Path), line+1, column+1)
	}
	return errFailure
}

// describeFrame says what a place is that was being evaluated, or "" if it
// needs no mention.
func describeFrame(at eval.Place) string {
	n := parser.WithParens(at.Syntax())
	switch p := n.Parent(); p.Kind() {
	case parser.KindBinding:
		return "`" + parser.Binding{Node: p}.Path().Text() + "`"
	case parser.KindInherit:
		return "`" + n.Text() + "`"
	}
	if at.Syntax().Is(parser.KindApply) {
		fn := parser.Apply{Node: at.Syntax()}.Func()
		if fn.Is(parser.KindIdent) || fn.Is(parser.KindSelect) {
			return "a call of `" + strings.Join(strings.Fields(fn.Text()), " ") + "`"
		}
		return "a call"
	}
	return ""
}

// printFailure prints diagnostics about files given by their full paths.
func printFailure(w io.Writer, trees map[string]*parser.Tree, ds []diagnostic.Diagnostic) error {
	report := render.Report{
		Findings: ds,
		Text:     func(file string) string { return trees[file].Source() },
		Show:     showPath,
	}
	if err := report.Excerpts(w); err != nil {
		return err
	}
	return errFailure
}

// showPath names a file by its path relative to the working directory, unless
// that lies further up.
func showPath(file string) string {
	workdir, err := os.Getwd()
	if err != nil {
		return file
	}
	rel, err := filepath.Rel(workdir, filepath.FromSlash(file))
	if err != nil || strings.HasPrefix(rel, "..") {
		return file
	}
	return rel
}
