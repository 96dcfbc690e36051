package repo

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// Entry says what stands at a path of the repository.
type Entry uint8

// The kinds of entries.
const (
	NoEntry Entry = iota
	FileEntry
	DirEntry
)

// Entry tells what stands at a path relative to the root; "." is the root
// itself. Files of the overlay exist, and so do the folders they are in. A
// link that leads out of the repository counts as nothing that can be read,
// but as something that exists.
func (r *Repo) Entry(p string) Entry {
	e := r.listedEntry(p)
	if e == NoEntry {
		e = r.entryOnDisk(p)
	}
	if r.reads != nil {
		r.reads.entries[p] = e
	}
	return e
}

// listedEntry tells what has been found at a path when the repository was listed.
func (r *Repo) listedEntry(p string) Entry {
	if r.byPath[p] != nil {
		return FileEntry
	}
	if _, is := r.folders[p]; is && p != "" {
		return DirEntry
	}
	return NoEntry
}

func (r *Repo) entryOnDisk(p string) Entry {
	if r.options.Unsaved {
		return NoEntry
	}
	return recall(r.disk, r.disk.entries, p, func() Entry {
		switch abs := r.abs(p); r.kind(abs) {
		case "directory":
			return DirEntry
		case "":
			if r.link(abs) == "" {
				return NoEntry
			}
			// It leads to what is not on this machine.
		}
		return FileEntry
	})
}

// kind returns what stands at an absolute path, as eval.Source does.
func (r *Repo) kind(p string) string {
	if _, own := r.rel(p); !own {
		return r.source.Kind(p)
	}
	return recall(r.disk, r.disk.kinds, p, func() string { return r.source.Kind(p) })
}

// link returns where a link at an absolute path leads, or "".
func (r *Repo) link(p string) string {
	if _, own := r.rel(p); !own {
		return r.source.ReadLink(p)
	}
	return recall(r.disk, r.disk.links, p, func() string { return r.source.ReadLink(p) })
}

// folder lists the folder of the repository at an absolute path, as eval.Source does. It
// returns nil if that cannot be listed without the sources of inputs. The map must not be
// changed.
func (r *Repo) folder(p string) map[string]string {
	return recall(r.disk, r.disk.folders, p, func() map[string]string {
		entries, err := r.source.ReadDir(p)
		if err != nil {
			return nil
		}
		return entries
	})
}

// textOf returns the text of the file of the repository at an absolute path. ok is false if
// that cannot be read without the sources of inputs.
func (r *Repo) textOf(p, rel string) (text string, ok bool) {
	if text, open := r.overlay[rel]; open {
		return text, true
	}
	text = recall(r.disk, r.disk.texts, p, func() string {
		text, err := r.source.disk.ReadFile(p)
		if err != nil {
			return missing
		}
		return text
	})
	return text, text != missing
}

// ModuleFile returns the Nix file that importing p reads: p itself, or
// default.nix in it if p is a folder. It returns "" if there is none.
func (r *Repo) ModuleFile(p string) string {
	switch r.Entry(p) {
	case FileEntry:
		return p
	case DirEntry:
		if f := path.Join(p, "default.nix"); r.Entry(f) == FileEntry {
			return f
		}
	}
	return ""
}

// Target returns what a path literal without interpolations points to,
// relative to the root. ok is false for paths that are absolute, in the home
// directory, computed, or outside of the repository.
func Target(file string, p parser.Path) (target string, ok bool) {
	text, static := p.Static()
	if !static || p.IsAbsolute() || p.IsHome() {
		return "", false
	}
	target = path.Join(path.Dir(file), text)
	if target == ".." || strings.HasPrefix(target, "../") {
		return "", false
	}
	return target, true
}

// SelfTarget returns what a text that begins with the flake itself points to, as
// "${inputs.self}/modules/x.nix" and self + "/modules/x.nix" do, relative to the
// root, with the place of the path in it. ok is false for other texts, and for paths that are
// computed further.
func SelfTarget(n parser.String) (target string, at parser.Span, ok bool) {
	if n.IsIndented() {
		return "", at, false
	}
	parts := n.Parts()
	isSelf := func(text string) bool { return text == "self" || text == "inputs.self" }
	at = parser.Span{Start: n.Span().Start + 1, End: n.Span().End - 1}
	switch b := (parser.Binary{Node: n.Parent()}); {
	case len(parts) == 2 && parts[0].Interp.IsValid() && !parts[1].Interp.IsValid() && isSelf(parser.Interp{Node: parts[0].Interp}.Expr().Text()):
		at.Start = parts[0].Interp.Span().End
	case len(parts) == 1 && !parts[0].Interp.IsValid() && n.Parent().Is(parser.KindBinary) && b.Op() == parser.TokenPlus && b.Right() == n.Node && isSelf(b.Left().Text()):
	default:
		return "", at, false
	}
	text := n.Tree().Source()[at.Start:at.End]
	if !strings.HasPrefix(text, "/") || path.Clean(text) != strings.TrimSuffix(text, "/") {
		return "", at, false
	}
	return strings.Trim(text, "/"), at, true
}

// Lookalikes returns up to three files or folders of the repository that a
// missing path may have been meant to be: those with the same name elsewhere,
// nearest first, and those beside it whose names differ by little.
func (r *Repo) Lookalikes(missing string) []string {
	base := path.Base(missing)
	stem := strings.TrimSuffix(base, ".nix")
	type candidate struct {
		path string
		cost int
	}
	var found []candidate
	add := func(p string, cost int) {
		if p != missing && !slices.ContainsFunc(found, func(c candidate) bool { return c.path == p }) {
			found = append(found, candidate{p, cost})
		}
	}
	for p := range r.Paths() {
		name, dir := path.Base(p), path.Dir(p)
		switch {
		case name == base && base != "default.nix":
			add(p, 10+distance(missing, p))
		case name == stem+".nix":
			add(p, 20+distance(missing, p))
		case name == "default.nix" && path.Base(dir) == stem:
			add(dir, 20+distance(missing, dir))
		case dir == path.Dir(missing) && nearlyEqual(strings.TrimSuffix(name, ".nix"), stem):
			add(p, 1)
		case name == "default.nix" && path.Dir(dir) == path.Dir(missing) && nearlyEqual(path.Base(dir), stem):
			add(dir, 2)
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return a.cost - b.cost })
	// Those that share most of the way are more likely than any other.
	most := 0
	for _, c := range found {
		most = max(most, sharedFolders(missing, c.path))
	}
	var out []string
	for _, c := range found {
		if sharedFolders(missing, c.path) == most && len(out) < 3 {
			out = append(out, c.path)
		}
	}
	return out
}

// distance counts the folders on the way from one path to another.
func distance(a, b string) int {
	return strings.Count(a, "/") + strings.Count(b, "/") + 2 - 2*sharedFolders(a, b)
}

// sharedFolders counts the leading names that two paths have in common.
func sharedFolders(a, b string) int {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	same := 0
	for same < len(as) && same < len(bs) && as[same] == bs[same] {
		same++
	}
	return same
}

// OnDisk reports whether there is something at a path on the disk, and not
// only in the overlay.
func (r *Repo) OnDisk(p string) bool {
	return r.source.Base.Kind(r.abs(p)) != ""
}
