package rules

// scripts are the texts of the files that call programs. They are read when something asks
// whether they use what no Nix file does.
func (r *Repo) scripts() []string {
	files, err := r.Scripts()
	if err != nil {
		return nil
	}
	var out []string
	for _, p := range files {
		if text, err := r.Text(p); err == nil {
			out = append(out, text)
		}
	}
	return out
}
