package lsp

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/parser"
)

// large writes a repository of 30 hosts and 800 modules with an option each, of which a
// host imports a hundred, and returns its root.
func large(t testing.TB) string {
	t.Helper()
	root := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const hosts, modules, each = 30, 800, 100
	var registry, systems strings.Builder
	for m := range modules {
		fmt.Fprintf(&registry, "    module%d = ./modules/module%d.nix;\n", m, m)
		write(fmt.Sprintf("modules/module%d.nix", m), fmt.Sprintf(`{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.modules.module%[1]d;
in
{
  options.modules.module%[1]d = {
    enable = lib.mkEnableOption "module %[1]d";

    port = lib.mkOption {
      type = lib.types.port;
      default = 1024;
      description = "The port.";
    };
  };

  config = lib.mkIf cfg.enable {
    networking.firewall.allowedTCPPorts = [ cfg.port ];
    environment.systemPackages = [ pkgs.hello ];
  };
}
`, m))
	}
	for h := range hosts {
		fmt.Fprintf(&systems, "      host%d = mkHost \"host%d\";\n", h, h)
		var text strings.Builder
		text.WriteString("{ modules, ... }:\n\n{\n  imports = [\n")
		for i := range each {
			fmt.Fprintf(&text, "    modules.module%d\n", (h*each+i*7)%modules)
		}
		text.WriteString("  ];\n\n  modules = {\n")
		for i := range each {
			fmt.Fprintf(&text, "    module%d.enable = true;\n", (h*each+i*7)%modules)
		}
		text.WriteString("  };\n}\n")
		write(fmt.Sprintf("hosts/host%d/default.nix", h), text.String())
	}
	write("registry.nix", "{\n"+registry.String()+"}\n")
	write("flake.nix", `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";

  outputs =
    { nixpkgs, ... }:
    let
      mkHost =
        name:
        nixpkgs.lib.nixosSystem {
          specialArgs.modules = import ./registry.nix;
          modules = [ ./hosts/${name} ];
        };
    in
    {
      nixosConfigurations = {
`+systems.String()+`      };
    };
}
`)
	return root
}

// BenchmarkLatency measures, over a pipe, how long an editor waits: from a key to the
// findings of the file and of the whole repository, and for answers. The metrics are
// milliseconds.
func BenchmarkLatency(b *testing.B) {
	for _, at := range []struct {
		name, root, file, place, option string
	}{
		{"example", example(b), "hosts/toaster/default.nix", "modules.nixos.hardware.nvidia", "channel = "},
		{"large", large(b), "hosts/host7/default.nix", "modules.module700", "module700.enable"},
	} {
		b.Run(at.name, func(b *testing.B) {
			began := time.Now()
			c := connect(b, at.root)
			c.openFile(at.file)
			c.waitFor(at.file, "told", func(*protocol.PublishDiagnosticsParams) bool { return true })
			first := time.Since(began)
			(&markers{client: c}).settle()
			text := c.open[c.uri(at.file)].Text
			offset := uint32(strings.Index(text, at.place) + len(at.place))
			if !strings.Contains(text, at.place) || !strings.Contains(text, at.option) {
				b.Fatal("the file is not as it should be")
			}
			place := protocol.TextDocumentPositionParams{
				TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(at.file)},
				Position:     c.position(at.file, offset),
			}
			option := place
			option.Position = c.position(at.file, uint32(strings.Index(text, at.option))+1)
			took := make(map[string][]time.Duration)
			measure := func(what string, f func()) {
				start := time.Now()
				f()
				took[what] = append(took[what], time.Since(start))
			}
			version := int32(1)
			told := func(p *protocol.PublishDiagnosticsParams) bool {
				v, ok := p.Version.Get()
				return ok && v == version
			}
			for b.Loop() {
				version++
				measure("key", func() {
					c.edit(at.file, parser.Span{Start: offset, End: offset}, "x")
					c.waitFor(at.file, "the version", told)
				})
				measure("completion", func() { must(b, c.request(c.ctx, 0, place)) })
				measure("hover", func() { must(b, c.request(c.ctx, 1, option)) })
				measure("definition", func() { must(b, c.request(c.ctx, 2, option)) })
				measure("all", func() { c.waitFor(at.file, "unresolved", has("module-path-unresolved")) })
				version++
				c.edit(at.file, parser.Span{Start: offset, End: offset + 1}, "")
				(&markers{client: c}).settle()
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(ms(first), "first-ms")
			for what, list := range took {
				slices.Sort(list)
				b.ReportMetric(ms(list[len(list)/2]), what+"-p50-ms")
				b.ReportMetric(ms(list[len(list)*99/100]), what+"-p99-ms")
			}
		})
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// position returns the position of an offset in an open file.
func (c *client) position(path string, offset uint32) protocol.Position {
	return mapper{protocol.PositionEncodingKindUTF16}.position(parser.NewLines(c.open[c.uri(path)].Text), offset)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
