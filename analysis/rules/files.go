package rules

import "github.com/nixlint/nixlint/analysis/repo"

// perFile is something that rules about the repository want to know of each file, and that
// follows from the file alone. It is kept as long as that is the same.
type perFile[T any] struct{ find func(r *Repo, f *repo.File) T }

// look finds it out. It is the Ahead of rules which need it.
func (p *perFile[T]) look(r *Repo, f *repo.File) { p.of(r, f) }

func (p *perFile[T]) of(r *Repo, f *repo.File) T {
	m := r.shared.memory(f)
	m.knownMu.Lock()
	for _, k := range m.known {
		if k.what == p {
			m.knownMu.Unlock()
			return k.value.(T)
		}
	}
	m.knownMu.Unlock()
	out := p.find(r, f)
	m.knownMu.Lock()
	defer m.knownMu.Unlock()
	m.known = append(m.known, knownOfFile{p, out})
	return out
}

// knownOfFile is a value that a perFile has found.
type knownOfFile struct{ what, value any }

// references finds the path literals of a file. It is the Ahead of rules which need them.
func references(_ *Repo, f *repo.File) { f.References() }
