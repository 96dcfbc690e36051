package rules

// scripts are the texts of the files that call programs. They are read once, when something
// asks whether they use what no Nix file does.
func (r *Repo) scripts() []string {
	if r.called != nil {
		return r.called
	}
	r.called = []string{}
	files, err := r.Scripts()
	if err != nil {
		return r.called
	}
	for _, p := range files {
		if text, err := r.Text(p); err == nil {
			r.called = append(r.called, text)
		}
	}
	return r.called
}
