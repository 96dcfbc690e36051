package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// unregisteredFolders returns the files `FOLDER/NAME/default.nix` of which
// nothing is imported, and whose NAME the files that build the hosts do not
// mention: they may be used in ways that evaluation has not met.
func (r *Repo) unregisteredFolders(folders map[string]bool) (out []*repo.File) {
	if !r.allHostsKnown() {
		return nil
	}
	for p := range r.Paths() {
		dir := path.Dir(p)
		name := path.Base(dir)
		if path.Base(p) != "default.nix" || !folders[path.Dir(dir)] || isCommon(name) || repo.IsExcused(p) {
			continue
		}
		if !r.reaches(dir) && !r.mentions(name, dir) {
			out = append(out, r.File(p))
		}
	}
	return out
}

// addBinding returns an edit that adds a binding to a set, behind the others.
func addBinding(file string, set parser.Node, binding string) diagnostic.Edit {
	last := set.LastChild()
	text := set.Tree().Source()
	line := strings.LastIndexByte(text[:last.Span().Start], '\n') + 1
	space := " "
	if blank := text[line:last.Span().Start]; strings.TrimSpace(blank) == "" && line > int(set.Span().Start) {
		space = "\n" + blank
	}
	end := last.Span().End
	return diagnostic.Edit{File: file, Span: parser.Span{Start: end, End: end}, Text: space + binding}
}

// isCommon reports whether a folder beside those of hosts or users holds what
// they have in common, or is left out on purpose.
func isCommon(name string) bool {
	switch name {
	case "common", "shared", "global", "base", "default", "all", "any", "profiles", "features", "optional", "modules", "lib", "template", "templates":
		return true
	}
	return strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".")
}

// allHostsKnown reports whether everything that the flake builds is understood
// as a host.
func (r *Repo) allHostsKnown() bool {
	ev := r.Model.Evaluator()
	set, ok := ev.Select(r.Model.Outputs(), "nixosConfigurations", eval.Place{}).(*eval.Attrs)
	if !ok || set.Rest != nil || len(set.Entries) != len(r.Model.Hosts) {
		return false
	}
	return !slices.ContainsFunc(r.Model.Evaluations(), func(e *repo.Evaluation) bool { return e.Unsure })
}

// reaches reports whether a file in a folder is imported, or named by a path
// in a file outside of it.
func (r *Repo) reaches(dir string) bool {
	inside := func(p string) bool { return p == dir || strings.HasPrefix(p, dir+"/") }
	for p := range r.Model.Imported() {
		if inside(p) {
			return true
		}
	}
	for _, f := range r.All() {
		if !inside(f.Path) && slices.ContainsFunc(f.References(), func(ref repo.Reference) bool { return inside(ref.Target) }) {
			return true
		}
	}
	return false
}

// mentions reports whether a name is written, as a name or as a text, in a file
// that evaluation has imported and that is not in a folder of its kind.
func (r *Repo) mentions(name, dir string) bool {
	imported := r.Model.Imported()
	for _, f := range r.All() {
		if !imported[f.Path] || path.Dir(path.Dir(f.Path)) == path.Dir(dir) || !strings.Contains(f.Text, name) {
			continue
		}
		for id := range f.Tree.NodeCount() {
			switch n := f.Tree.Node(parser.NodeID(id)); n.Kind() {
			case parser.KindIdent, parser.KindName:
				if n.Text() == name {
					return true
				}
			case parser.KindString, parser.KindIndString, parser.KindPath:
				if containsWord(n.Text(), name) {
					return true
				}
			}
		}
	}
	return false
}

// containsWord reports whether a text has a word that is not a part of another.
func containsWord(text, word string) bool {
	isPart := func(c byte) bool {
		return c == '-' || c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80
	}
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		start, end := at+i, at+i+len(word)
		if (start == 0 || !isPart(text[start-1])) && (end == len(text) || !isPart(text[end])) {
			return true
		}
		at = start + 1
	}
}
