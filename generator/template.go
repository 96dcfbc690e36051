package generator

import (
	"embed"
	"fmt"
	"strings"
	"text/template"

	"github.com/nixlint/nixlint/analysis/repo"
)

//go:embed templates
var templates embed.FS

// fill makes the text of a new file from a template, the repository's own if it
// has one. What it makes is laid out when the file is made.
func (d *draft) fill(name string, data any) (string, error) {
	shown := repo.TemplateFolder + "/" + name
	if d.Model.Repo.Entry(shown) != repo.FileEntry {
		return fillOwn(name, data)
	}
	text, err := d.Model.Repo.Text(shown)
	if err != nil {
		return "", fmt.Errorf("%s: %w", shown, err)
	}
	return execute(shown, text, data)
}

// fillOwn makes a text from one of nixlint's own templates.
func fillOwn(name string, data any) (string, error) {
	text, err := templates.ReadFile("templates/" + name)
	if err != nil {
		return "", err
	}
	return execute(name, string(text), data)
}

func execute(shown, text string, data any) (string, error) {
	t, err := template.New(shown).Option("missingkey=error").Parse(text)
	if err != nil {
		return "", fmt.Errorf("%s is no template: %w", shown, err)
	}
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return "", fmt.Errorf("%s cannot be filled in: %w", shown, err)
	}
	return b.String(), nil
}
