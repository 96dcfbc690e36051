package pattern_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/nixlint/nixlint/analysis/pattern"
	"github.com/nixlint/nixlint/parser"
)

// twenty are rules as people write them.
var twenty = []string{
	"import <nixpkgs> $A", "services.$S.enable = true;", "with lib; $BODY", "lib.mkIf $C { enable = true; }", "$A == null",
	"{ pkgs, lib, $$$F }: $BODY", "mkOption { default = $D; $$$_ }", "builtins.toString $X", "stdenv.lib", "$X.enable or false",
	"[ $$$_ $X $$$_ $X $$$_ ]", "fetchFromGitHub { rev = $R; $$$_ }", `"${$P}/bin/${$$$B}"`, "inherit (lib) $$$A mkIf $$$B;",
	"if $C then true else false", "let $N = $V; in $N", "$X: $F $X", "types.string", "pkgs.callPackage $F { }", "$N ? null,",
}

// BenchmarkMatch looks for twenty patterns in the files of the example
// repository, as the one walk of the rules does.
func BenchmarkMatch(b *testing.B) {
	var byKind [parser.KindCount][]*pattern.Pattern
	for _, text := range twenty {
		p, err := pattern.Parse(text)
		if err != nil {
			b.Fatal(err)
		}
		for _, k := range p.Kinds() {
			byKind[k] = append(byKind[k], p)
		}
	}
	files, err := filepath.Glob("../../testdata/repos/example/*/*/*.nix")
	if err != nil {
		b.Fatal(err)
	}
	var trees []*parser.Tree
	size := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		trees = append(trees, parser.Parse(string(data)))
		size += len(data)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	found := 0
	for b.Loop() {
		for _, t := range trees {
			for id := range t.NodeCount() {
				n := t.Node(parser.NodeID(id))
				for _, p := range byKind[n.Kind()] {
					if _, ok := p.Match(n); ok {
						found++
					}
				}
			}
		}
	}
	if found == 0 {
		b.Error("nothing is found")
	}
}

// BenchmarkParse reads the patterns.
func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		for _, text := range twenty {
			if _, err := pattern.Parse(text); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func TestNames(t *testing.T) {
	p, err := pattern.Parse("f $B $_ $$$A { x = $B; }")
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Names(); !slices.Equal(got, []string{"B", "A"}) {
		t.Errorf("the names are %v", got)
	}
}
