package rules

import (
	"path"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// mount is something that is mounted on a host.
type mount struct {
	at string // the path
	// subvolume is the name of the btrfs subvolume, without slashes around it; it is
	// empty for the whole of a file system.
	subvolume string
	btrfs     bool
	disko     bool // disko makes it
}

// storage is what disko makes on a host, and what else its modules mount.
type storage struct {
	mounts     []mount
	subvolumes map[string]bool // names of btrfs subvolumes, without slashes around them
}

// storage returns what is mounted on a host; known is false if disko does not mount its
// root, or if there may be more.
func (r *Repo) storage(h *repo.Host) (s *storage, known bool) {
	s = &storage{subvolumes: make(map[string]bool)}
	defs, sure := r.Model.Definitions(h.System, "disko", "devices")
	if len(defs) == 0 || !sure || h.System.Config.Hasty() {
		return nil, false
	}
	for _, d := range defs {
		if set, ok := d.Value.(*eval.Attrs); !ok || !d.Certain || !devices(h.Evaluator(), s, set, 0) {
			return nil, false
		}
	}
	if _, ok := s.mountedAt("/"); !ok {
		return nil, false
	}
	points, known := r.definedNames(h, "fileSystems")
	if !known {
		return nil, false
	}
	for _, p := range points {
		for _, name := range []string{"device", "label", "fsType"} {
			if defs, _ := r.Model.Definitions(h.System, "fileSystems", p.Name, name); len(defs) > 0 {
				s.mounts = append(s.mounts, mount{at: path.Clean(p.Name)})
				break
			}
		}
	}
	return s, true
}

// maxLayoutDepth bounds how deep layouts of disks are looked through.
const maxLayoutDepth = 20

// devices collects what a part of disko's devices makes. It returns false if there may be
// more.
func devices(ev *eval.Evaluator, s *storage, set *eval.Attrs, depth int) bool {
	if depth > maxLayoutDepth || set.Rest != nil {
		return false
	}
	kind, _ := textIn(ev, set, "type")
	if m := set.Get("mountpoint"); m != nil {
		switch v := ev.Force(m.Value).(type) {
		case eval.String:
			s.mounts = append(s.mounts, mount{at: path.Clean(string(v)), btrfs: kind.text == "btrfs", disko: true})
		case eval.Null:
		default:
			return false
		}
	}
	for _, a := range set.Entries {
		inner, ok := ev.Force(a.Value).(*eval.Attrs)
		if !ok {
			if _, unknown := ev.Force(a.Value).(*eval.Unknown); unknown && (a.Name == "content" || a.Name == "subvolumes" || a.Name == "partitions") {
				return false
			}
			continue
		}
		switch {
		case a.Name == "subvolumes" && kind.text == "btrfs":
			if !addSubvolumes(ev, s, inner) {
				return false
			}
			continue
		case a.Name == "nodev" && depth == 0:
			for _, n := range inner.Entries {
				s.mounts = append(s.mounts, mount{at: path.Clean(n.Name), disko: true})
			}
		}
		if !devices(ev, s, inner, depth+1) {
			return false
		}
	}
	return true
}

// addSubvolumes collects the btrfs subvolumes of a file system.
func addSubvolumes(ev *eval.Evaluator, s *storage, set *eval.Attrs) bool {
	if set.Rest != nil {
		return false
	}
	for _, a := range set.Entries {
		name := strings.Trim(a.Name, "/")
		s.subvolumes[name] = true
		sub, ok := ev.Force(a.Value).(*eval.Attrs)
		if !ok || sub.Rest != nil {
			return false
		}
		m := sub.Get("mountpoint")
		if m == nil {
			continue
		}
		switch v := ev.Force(m.Value).(type) {
		case eval.String:
			s.mounts = append(s.mounts, mount{at: path.Clean(string(v)), subvolume: name, btrfs: true, disko: true})
		case eval.Null:
		default:
			return false
		}
	}
	return true
}

// definedNames returns the names that are defined below a path of a host's configuration; known
// is false if there may be others.
func (r *Repo) definedNames(h *repo.Host, option ...string) (out []eval.Attr, known bool) {
	defs, known := r.Model.Definitions(h.System, option...)
	seen := make(map[string]bool)
	for _, d := range defs {
		set, ok := d.Value.(*eval.Attrs)
		if !ok || set.Rest != nil {
			known = false
			continue
		}
		if !d.Certain {
			continue
		}
		for _, a := range set.Entries {
			if !seen[a.Name] {
				seen[a.Name] = true
				out = append(out, a)
			}
		}
	}
	return out, known
}

// mountedAt returns what is mounted exactly at a path.
func (s *storage) mountedAt(p string) (mount, bool) {
	for _, m := range s.mounts {
		if m.at == p {
			return m, true
		}
	}
	return mount{}, false
}

// around returns the mount that a path lies in, or is.
func (s *storage) around(p string) (m mount) {
	for _, c := range s.mounts {
		if isWithin(p, c.at) && len(c.at) >= len(m.at) {
			m = c
		}
	}
	return m
}

// isWithin reports whether a path is another or lies below it.
func isWithin(p, dir string) bool {
	return p == dir || dir == "/" || strings.HasPrefix(p, dir+"/")
}

// isSubvolume reports whether there may be a btrfs subvolume at a path.
func (s *storage) isSubvolume(p string) bool {
	m := s.around(p)
	if m.at == p {
		return true
	}
	if !m.disko {
		return true // what is inside is not known
	}
	return s.subvolumes[strings.Trim(path.Join(m.subvolume, strings.TrimPrefix(p, m.at)), "/")]
}

// points returns where something is mounted.
func (s *storage) points() (out []string) {
	for _, m := range s.mounts {
		out = append(out, m.at)
	}
	return out
}

// writtenAt returns the place where a text that a host's configuration is made of is
// written: the key itself if it is spelt out, else what one of the repository's own
// options is set to.
func (r *Repo) writtenAt(h *repo.Host, text string, key eval.Place) eval.Place {
	if key.IsValid() {
		if name, ok := parser.StaticName(key.Syntax()); ok && name == text || key.Syntax().Is(parser.KindString) {
			return key
		}
	}
	ev := h.Evaluator()
	var found []eval.Place
	add := func(t *eval.Thunk) {
		at := t.Origin().At()
		if s, ok := ev.Force(t).(eval.String); ok && string(s) == text && at.IsValid() && r.Model.Own(at.File.Path) {
			found = append(found, at)
		}
	}
	for _, o := range h.System.Config.Declared() {
		if o.IsStub() {
			continue
		}
		for _, d := range o.Definitions() {
			switch v := ev.Force(d.Value).(type) {
			case eval.String:
				add(d.Value)
			case *eval.List:
				for _, e := range v.Elems {
					add(e)
				}
			}
		}
	}
	if len(found) > 0 {
		return found[0]
	}
	return key
}
