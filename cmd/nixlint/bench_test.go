package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkOneFile runs the program, its start included, on a file of a thousand
// lines: what an editor or a commit hook waits for. BenchmarkOneFile/start is the
// part that all commands take.
func BenchmarkOneFile(b *testing.B) {
	dir := b.TempDir()
	program := filepath.Join(dir, "nixlint")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	file := filepath.Join(dir, "settings", "default.nix")
	if err := os.Mkdir(filepath.Dir(file), 0o755); err != nil {
		b.Fatal(err)
	}
	writeText(b, filepath.Join(dir, "settings", "nixlint.toml"), "")
	var text strings.Builder
	text.WriteString("{ config, lib, ... }:\n{\n")
	for i := range 200 {
		fmt.Fprintf(&text, "  services.s%d = lib.mkIf config.services.s%d.wanted {\n    enable = true;\n    port = %d;\n    # why\n  };\n", i, i, 8000+i)
	}
	text.WriteString("}\n")
	writeText(b, file, text.String())
	for name, args := range map[string][]string{"start": {"--version"}, "check": {"check", "--select", "all", file}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				out, err := exec.Command(program, args...).CombinedOutput()
				if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && (!ok || exit.ExitCode() != exitFindings) {
					b.Fatalf("%v\n%s", err, out)
				}
			}
		})
	}
}
