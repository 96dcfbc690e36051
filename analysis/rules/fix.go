package rules

import (
	"fmt"
	"maps"
	"path/filepath"
	"strings"

	"github.com/nixlint/nixlint/analysis/config"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// maxRounds bounds how often the findings that fixes leave, or bring to light,
// are fixed in turn.
const maxRounds = 20

// Fixed is what fixing a repository came to.
type Fixed struct {
	// Before is the repository as it was found, After as the fixes leave it.
	Before, After *repo.Repo
	// Texts are the new texts of the files that changed, by path.
	Texts map[string]string
	// Count is the number of findings that were fixed, by rule.
	Count map[string]int
	// Left are the findings after the last round.
	Left []diagnostic.Diagnostic
}

// Fix applies the fixes of the rules that the settings select to a repository
// until there are none left, and returns the new texts. Nothing is written.
// Only files for which want is true change; those that cannot be read as Nix,
// or that the settings exclude, never do. Fixes that are not safe are applied
// only if unsafe is set.
//
// What the fixes touch is laid out as the formatter has it. After each round the files are read anew; a fix whose outcome would not be
// Nix any more is not applied.
func Fix(root string, opts repo.Options, c *config.Config, unsafe bool, want func(file string) bool) (*Fixed, error) {
	out := &Fixed{Texts: make(map[string]string), Count: make(map[string]int)}
	opts.Overlay = maps.Clone(opts.Overlay)
	if opts.Overlay == nil {
		opts.Overlay = make(map[string]string)
	}
	refused := make(map[string]bool)
	for round := 0; ; round++ {
		r, err := repo.Open(root, opts)
		if err != nil {
			return nil, err
		}
		if out.Before == nil {
			out.Before = r
		}
		out.After = r
		if out.Left, err = Check(r, c, opts.Jobs); err != nil {
			return nil, err
		}
		if round == maxRounds {
			return out, nil
		}
		var fixable []diagnostic.Diagnostic
		for _, d := range out.Left {
			if d.Fix != nil && !refused[fixKey(d.Fix)] && allInside(r, d.Fix, c, want) {
				fixable = append(fixable, d)
			}
		}
		chosen := diagnostic.Chosen(fixable, unsafe)
		if len(chosen) == 0 {
			return out, nil
		}
		texts := applyFixes(r, c, chosen, refused)
		for p, text := range texts {
			out.Texts[p], opts.Overlay[p] = text, text
		}
		for _, d := range fixable {
			for _, f := range chosen {
				if d.Fix == f && !refused[fixKey(f)] {
					out.Count[d.Rule]++
				}
			}
		}
	}
}

// fixKey tells a fix from others while the texts it is for stay as they are.
func fixKey(f *diagnostic.Fix) string { return fmt.Sprintf("%s %+v", f.Title, f.Edits) }

// allInside reports whether all files that a fix changes may be changed.
func allInside(r *repo.Repo, fix *diagnostic.Fix, c *config.Config, want func(file string) bool) bool {
	for _, e := range fix.Edits {
		if want != nil && !want(e.File) {
			return false
		}
		if f := r.File(e.File); f != nil && f.Tree.HasSyntaxErrors() {
			return false
		}
		s, err := c.For(filepath.Join(r.Root, filepath.FromSlash(e.File)))
		if err != nil || s.CheckExcluded.Value {
			return false
		}
	}
	return true
}

// applyFixes makes the edits of fixes that are not in each other's way, and
// returns the new texts of the files. If the outcome is not Nix, it makes them
// one after the other and refuses those that are to blame.
func applyFixes(r *repo.Repo, c *config.Config, fixes []*diagnostic.Fix, refused map[string]bool) map[string]string {
	texts, ok := tryFixes(r, c, fixes)
	if ok {
		return texts
	}
	var good []*diagnostic.Fix
	for _, f := range fixes {
		if t, ok := tryFixes(r, c, append(good, f)); ok {
			good, texts = append(good, f), t
		} else {
			refused[fixKey(f)] = true
		}
	}
	if len(good) == 0 {
		return nil
	}
	return texts
}

func tryFixes(r *repo.Repo, c *config.Config, fixes []*diagnostic.Fix) (map[string]string, bool) {
	edits := make(map[string][]diagnostic.Edit)
	for _, f := range fixes {
		for _, e := range f.Edits {
			edits[e.File] = append(edits[e.File], e)
		}
	}
	texts := make(map[string]string, len(edits))
	for p, es := range edits {
		old, err := r.Text(p)
		if err != nil && !es[0].Create {
			return nil, false
		}
		text, err := diagnostic.Apply(old, es)
		if err != nil {
			return nil, false
		}
		if f := r.File(p); (f != nil || es[0].Create) && len(parser.Parse(text).Errors()) > 0 && (f == nil || len(f.Tree.Errors()) == 0) {
			return nil, false
		}
		if strings.HasSuffix(p, ".nix") {
			text = formatTouched(c, filepath.Join(r.Root, filepath.FromSlash(p)), old, text, es)
		}
		texts[p] = text
	}
	return texts, true
}

// fix makes a fix of edits in the file at hand.
func fix(title string, safe bool, edits ...diagnostic.Edit) *diagnostic.Fix {
	return &diagnostic.Fix{Title: title, Safe: safe, Edits: edits}
}
