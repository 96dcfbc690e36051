package vfio

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the findings into testdata/checks")

// TestChecks runs the cases in testdata/checks. A file is named after the check
// that its cases are about; in all.txtar every check runs.
func TestChecks(t *testing.T) {
	files, err := filepath.Glob("testdata/checks/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	found, silent := map[string]bool{}, map[string]bool{}
	for _, file := range files {
		check := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(check, func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var out txtar.Archive
			out.Comment = ar.Comment
			for i := 0; i < len(ar.Files); i++ {
				name, text := ar.Files[i].Name, string(ar.Files[i].Data)
				want := ""
				if i+1 < len(ar.Files) && ar.Files[i+1].Name == name+": findings" {
					i++
					want = string(ar.Files[i].Data)
				}
				got := runCase(t, name, check, text)
				out.Files = append(out.Files, txtar.File{Name: name, Data: []byte(text)}, txtar.File{Name: name + ": findings", Data: []byte(got)})
				if got == "" {
					silent[check] = true
				} else {
					found[check] = true
				}
				if got != want && !*update {
					t.Errorf("%s:\ngot:\n%swant:\n%s", name, got, want)
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(&out), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	for _, c := range Checks() {
		if !found[c.Name] {
			t.Errorf("no case has a finding of %s", c.Name)
		}
		if !silent[c.Name] {
			t.Errorf("no case of %s is silent", c.Name)
		}
	}
}

func runCase(t *testing.T, name, check, text string) string {
	var got strings.Builder
	t.Run(name, func(t *testing.T) {
		findings := runText(t, check, text, false, false)
		for _, f := range findings {
			writeFinding(&got, f, check == "all")
			if worst := severityOf(f.Check); f.Severity > worst {
				t.Errorf("%s has the severity %s and reports a finding of %s", f.Check, worst, f.Severity)
			}
		}
		// What is uncertain is no error.
		for _, f := range runText(t, check, text, true, false) {
			if f.Severity == Error {
				t.Errorf("an error about uncertain facts: %s", f.Message)
			}
		}
		// Who knows less says less.
		for _, f := range runText(t, check, text, false, true) {
			if !slices.ContainsFunc(findings, func(g Finding) bool { return g.Subject == f.Subject && g.Check == f.Check }) {
				t.Errorf("a finding only if less is known: %s", f.Message)
			}
		}
	})
	return got.String()
}

func runText(t *testing.T, check, text string, unsure, partial bool) []Finding {
	p := parseCase(t, text, unsure, partial)
	o := Options{Machine: p.m, Snapshot: p.snap, Now: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), MaxAge: time.Duration(p.maxAge) * 24 * time.Hour}
	if check != "all" {
		o.Select = func(name string) bool { return name == check }
	}
	return Run(p.claims, o)
}

func severityOf(check string) Severity {
	for _, c := range Checks() {
		if c.Name == check {
			return c.Severity
		}
	}
	return 0
}

// writeFinding prints everything that a finding says.
func writeFinding(b *strings.Builder, f Finding, named bool) {
	at := "-"
	if f.Subject != nil {
		at = fmt.Sprint(f.Subject)
	}
	fmt.Fprintf(b, "%s: %s: %s", at, f.Severity, f.Message)
	if named {
		fmt.Fprintf(b, " [%s]", f.Check)
	}
	if len(f.Contexts) != 1 || f.Contexts[0] != Base {
		fmt.Fprintf(b, " (in %s)", strings.Join(f.Contexts, ", "))
	}
	b.WriteByte('\n')
	if f.Help != "" {
		fmt.Fprintf(b, "  help: %s\n", f.Help)
	}
	for _, r := range f.Related {
		fmt.Fprintf(b, "  %v: %s\n", r.Source, r.Message)
	}
	if f.Fix == nil {
		return
	}
	safe := ""
	if f.Fix.Safe {
		safe = " (safe)"
	}
	fmt.Fprintf(b, "  fix%s: %s\n", safe, f.Fix.Title)
	for _, c := range f.Fix.Changes {
		switch c.Kind {
		case Replace:
			fmt.Fprintf(b, "    %v: %s\n", c.Source, strings.ReplaceAll(c.Value, "\n", `\n`))
		case Remove:
			fmt.Fprintf(b, "    %v: removed\n", c.Source)
		case Add:
			fmt.Fprintf(b, "    %s: add %s\n", c.Option, c.Value)
		}
	}
}

// TestDocumentation checks that every check is described, and its words
// follow the rules for all words of nixlint.
func TestDocumentation(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Checks() {
		if seen[c.Name] {
			t.Errorf("two checks are called %s", c.Name)
		}
		seen[c.Name] = true
		for what, text := range map[string]string{"summary": c.Summary, "why": c.Why, "bad": c.Bad, "good": c.Good} {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s has no %s", c.Name, what)
			}
		}
		if strings.HasSuffix(c.Summary, ".") || strings.Contains(c.Summary, "\n") || c.Summary[0] >= 'A' && c.Summary[0] <= 'Z' && !strings.HasPrefix(c.Summary, "PCI") &&
			!strings.HasPrefix(c.Summary, "KVM") && !strings.HasPrefix(c.Summary, "IOMMU") && !strings.HasPrefix(c.Summary, "PRIME") &&
			!strings.HasPrefix(c.Summary, "QEMU") && !strings.HasPrefix(c.Summary, "USB") && !strings.HasPrefix(c.Summary, "VFIO") && !strings.HasPrefix(c.Summary, "Looking Glass") {
			t.Errorf("%s: the summary is a clause: %s", c.Name, c.Summary)
		}
		if !strings.HasSuffix(c.Why, ".") {
			t.Errorf("%s: why is made of sentences", c.Name)
		}
		if c.Severity == 0 || c.run == nil {
			t.Errorf("%s is incomplete", c.Name)
		}
	}
}
