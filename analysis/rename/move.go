package rename

import (
	"path"
	"path/filepath"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// Move is a file or folder that goes to another place, by paths relative to the root.
type Move struct{ From, To string }

// Moved returns where a path leads after moves.
func Moved(moves []Move, p string) string {
	for _, m := range moves {
		if p == m.From {
			return m.To
		}
		if rest, ok := strings.CutPrefix(p, m.From+"/"); ok {
			return path.Join(m.To, rest)
		}
	}
	return p
}

// Edits returns what must change in the files of a repository so that paths lead where they
// did when files and folders have moved: path literals, and texts that begin with the flake
// itself, as `"${inputs.self}/modules/x.nix"`. The edits are for the files at their old
// places. Paths that are computed otherwise stay as they are.
func Edits(r *repo.Repo, moves []Move) (out []diagnostic.Edit) {
	for _, f := range r.Files {
		folder := path.Dir(Moved(moves, f.Path))
		for _, ref := range f.References() {
			target := Moved(moves, ref.Target)
			if target == ref.Target && folder == path.Dir(f.Path) {
				continue
			}
			text := relative(folder, target)
			if was := ref.Node.Text(); strings.HasSuffix(was, "/.") && target == "." {
				text += "/."
			}
			if text != ref.Node.Text() {
				out = append(out, diagnostic.Edit{File: f.Path, Span: ref.Node.Span(), Text: text})
			}
		}
		for n := range f.Tree.Root().Preorder() {
			if n.Is(parser.KindString) {
				out = append(out, ofText(f, parser.String{Node: n}, moves)...)
			}
		}
	}
	return out
}

// relative writes a path literal that leads from a folder to a target.
func relative(folder, target string) string {
	rel, err := filepath.Rel("/"+folder, "/"+target)
	if err != nil {
		return "./" + target // both are absolute, so that there is always one
	}
	rel = filepath.ToSlash(rel)
	if rel == ".." || strings.HasPrefix(rel, "../") {
		return rel
	}
	return "./" + rel
}

// ofText follows moves in a text that begins with the flake itself.
func ofText(f *repo.File, n parser.String, moves []Move) []diagnostic.Edit {
	target, span, ok := repo.SelfTarget(n)
	if !ok {
		return nil
	}
	to := Moved(moves, target)
	if to == target {
		return nil
	}
	return []diagnostic.Edit{{File: f.Path, Span: span, Text: "/" + to}}
}
