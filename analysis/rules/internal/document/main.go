// Command document writes what is made from the rules into the folder docs: the
// pages about them and the pages for reference.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/nixlint/nixlint/analysis/rules"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: document FOLDER")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "writing the documentation:", err)
		os.Exit(1)
	}
}

func write(docs string) error {
	for name, text := range rules.ReferencePages() {
		if err := os.WriteFile(filepath.Join(docs, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return writeRules(filepath.Join(docs, "rules"))
}

// writeRules writes the pages of all rules and removes those of rules that are
// gone.
func writeRules(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	pages := rules.Pages()
	old, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		return err
	}
	for _, f := range old {
		if _, ok := pages[filepath.Base(f)]; !ok {
			if err := os.Remove(f); err != nil {
				return err
			}
		}
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
