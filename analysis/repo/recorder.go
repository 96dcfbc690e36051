package repo

// recorder is a source that notes what evaluation has looked at.
type recorder struct {
	source
	read   map[string]bool // files read as text, relative to the root
	listed map[string]bool // folders listed, relative to the root
}

func newRecorder(r *Repo) recorder {
	return recorder{r.source.copy(), make(map[string]bool), make(map[string]bool)}
}

// ReadFile returns the text of a file.
func (r recorder) ReadFile(p string) (string, error) {
	if rel, ok := r.repo.rel(p); ok {
		r.read[rel] = true
	}
	return r.source.ReadFile(p)
}

// ReadDir lists a folder.
func (r recorder) ReadDir(p string) (map[string]string, error) {
	if rel, ok := r.repo.rel(p); ok {
		r.listed[rel] = true
	}
	return r.source.ReadDir(p)
}

// Read reports whether evaluation has read a file as text, and not as Nix.
func (m *Model) Read(p string) bool { return m.seen.read[p] }

// Listed reports whether evaluation has listed a folder.
func (m *Model) Listed(p string) bool { return m.seen.listed[p] }
