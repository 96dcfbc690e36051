package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/parser"
)

// related makes a related place of a place of the evaluation, if it is one in
// the repository.
func (r *Repo) related(at eval.Place, message string) []diagnostic.Related {
	if !at.IsValid() {
		return nil
	}
	return []diagnostic.Related{{File: r.Model.Rel(at.File), Span: at.Span(), Message: message}}
}

// relativePath writes a path as a literal in a file: `./x` or `../x`.
func relativePath(from, to string) string {
	dir := path.Dir(from)
	up := ""
	for dir != "." && to != dir && !strings.HasPrefix(to, dir+"/") {
		up += "../"
		dir = path.Dir(dir)
	}
	rest := to
	if dir != "." {
		rest = strings.TrimPrefix(strings.TrimPrefix(to, dir), "/")
	}
	if up == "" {
		up = "./"
	}
	if rest == "" {
		return strings.TrimSuffix(up, "/") + "/."
	}
	return up + rest
}

// suggestPath fills in what to write instead of a path to nothing: the help,
// and a fix if the node is a plain path literal and there is one candidate.
func (r *Repo) suggestPath(d *diagnostic.Diagnostic, missing string, literal parser.Node) {
	candidates := slices.DeleteFunc(r.Lookalikes(missing), func(c string) bool {
		// No file means itself.
		return c == d.File || path.Base(d.File) == "default.nix" && c == path.Dir(d.File)
	})
	switch len(candidates) {
	case 0:
		return
	case 1:
		d.Help = "there is `" + candidates[0] + "`"
	default:
		d.Help = "there are `" + strings.Join(candidates, "`, `") + "`"
	}
	if len(candidates) == 1 && literal.Is(parser.KindPath) && literal.ChildCount() == 0 {
		text := relativePath(d.File, candidates[0])
		d.Fix = &diagnostic.Fix{
			Title: "replace by `" + text + "`",
			Edits: []diagnostic.Edit{{File: d.File, Span: literal.Span(), Text: text}},
		}
	}
}
