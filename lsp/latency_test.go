package lsp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/parser"
)

// large writes a repository of 30 hosts and 800 modules with options each, of which a host
// imports some, the first among them, and returns its root.
func large(t testing.TB, each int) string {
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
	const hosts, modules = 30, 800
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
		fmt.Fprintf(&systems, "      host%d = mkHost { name = \"host%d\"; };\n", h, h)
		var text strings.Builder
		text.WriteString("{ modules, ... }:\n\n{\n  imports = [\n")
		imported := []int{0}
		for i := range each {
			if m := (h*each + i*7) % modules; m != 0 {
				imported = append(imported, m)
			}
		}
		for _, m := range imported {
			fmt.Fprintf(&text, "    modules.module%d\n", m)
		}
		text.WriteString("  ];\n\n  modules = {\n")
		for _, m := range imported {
			fmt.Fprintf(&text, "    module%d.enable = true;\n", m)
		}
		text.WriteString("  };\n}\n")
		write(fmt.Sprintf("hosts/host%d/default.nix", h), text.String())
	}
	write("registry.nix", "{\n"+registry.String()+"}\n")
	write("lib/default.nix", `{ nixpkgs }:

{
  mkHost =
    {
      name,
      release ? 1,
    }:
    nixpkgs.lib.nixosSystem {
      specialArgs = {
        inherit release;
        modules = import ../registry.nix;
      };
      modules = [ ../hosts/${name} ];
    };
}
`)
	write("flake.nix", `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";

  outputs =
    { nixpkgs, ... }:
    let
      inherit (import ./lib { inherit nixpkgs; }) mkHost;
    in
    {
      nixosConfigurations = {
`+systems.String()+`      };
    };
}
`)
	return root
}

// latencyEdit is a kind of edit: a text that goes back and forth between two forms.
type latencyEdit struct{ name, file, before, after string }

// latencyRepo is a repository to measure in: the file in which is asked, what is completed
// there, what is looked at, and the edits.
type latencyRepo struct {
	name                string
	root                func(testing.TB) string
	file, place, option string
	edits               []latencyEdit
}

func latencyRepos() []latencyRepo {
	largeEdits := []latencyEdit{
		{"comment", "modules/module705.nix", "{\n  config,", "{ # x\n  config,"},
		{"value", "hosts/host7/default.nix", "module707.enable = true;", "module707.enable = false;"},
		{"option", "modules/module0.nix", "default = 1024;", "default = 1025;"},
		{"lib", "lib/default.nix", "release ? 1", "release ? 2"},
	}
	return []latencyRepo{
		{"example", example, "hosts/toaster/default.nix", "modules.nixos.hardware.nvidia", "channel = ", []latencyEdit{
			{"comment", "modules/nixos/hardware/nvidia.nix", "{\n  config,", "{ # x\n  config,"},
			{"value", "hosts/toaster/default.nix", "maxGenerations = 8;", "maxGenerations = 9;"},
			{"option", "modules/nixos/system/nix.nix", "default = 30;", "default = 31;"},
			{"lib", "lib/default.nix", `stateVersion ? "25.11"`, `stateVersion ? "25.05"`},
		}},
		{"large", func(t testing.TB) string { return large(t, 100) }, "hosts/host7/default.nix", "modules.module707", "module707.enable", largeEdits},
		{"all", func(t testing.TB) string { return large(t, 800) }, "hosts/host7/default.nix", "modules.module707", "module707.enable", largeEdits},
	}
}

// BenchmarkLatency measures how long an editor waits for a server in a process of its own,
// over its pipes: from its start to the first findings, from an edit of each kind to the
// findings of the edited file and to all, for answers right after the edit, and for the layout
// of 1,000 lines. The metrics are milliseconds; that of memory is the server's, in MiB.
func BenchmarkLatency(b *testing.B) {
	for _, repo := range latencyRepos() {
		b.Run(repo.name, func(b *testing.B) { measureLatency(b, repo) })
	}
}

// read is how long a user takes at least who has seen the findings of all files, before the
// next key: ten keys a second.
const read = 100 * time.Millisecond

func measureLatency(b *testing.B, repo latencyRepo) {
	root := repo.root(b)
	began := time.Now()
	c, process := startProcess(b, root)
	c.hello(capabilities())
	c.openFile(repo.file)
	c.waitFor(repo.file, "told", func(*protocol.PublishDiagnosticsParams) bool { return true })
	first := time.Since(began)
	c.await("looked at", func() bool { return c.looked > 0 })
	whole := time.Since(began)
	at := func(what string) protocol.TextDocumentPositionParams {
		text := c.open[c.uri(repo.file)].Text
		if !strings.Contains(text, what) {
			b.Fatalf("%s has no %s", repo.file, what)
		}
		return protocol.TextDocumentPositionParams{
			TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(repo.file)},
			Position:     c.position(repo.file, uint32(strings.Index(text, what)+len(what)-1)),
		}
	}
	took := make(map[string][]time.Duration)
	measure := func(what string, f func()) {
		start := time.Now()
		f()
		took[what] = append(took[what], time.Since(start))
	}
	for _, e := range repo.edits {
		if c.open[c.uri(e.file)] == nil {
			c.openFile(e.file)
		}
	}
	c.openText("long.nix", "{\n"+strings.Repeat("a.b = [ 1 2 ];\n", 998)+"}\n")
	c.idle()
	press := func(e latencyEdit, as string) time.Time {
		text := c.open[c.uri(e.file)].Text
		from, to := e.before, e.after
		if !strings.Contains(text, from) {
			from, to = to, from
		}
		start := strings.Index(text, from)
		if start < 0 {
			b.Fatalf("%s has no %s", e.file, e.before)
		}
		began := time.Now()
		c.edit(e.file, parser.Span{Start: uint32(start), End: uint32(start + len(from))}, to)
		version := c.open[c.uri(e.file)].Version
		c.waitFor(e.file, "the version", func(p *protocol.PublishDiagnosticsParams) bool {
			v, ok := p.Version.Get()
			return ok && v == version
		})
		took[as] = append(took[as], time.Since(began))
		return began
	}
	for b.Loop() {
		for _, e := range repo.edits {
			looked := c.lookedOften()
			began := press(e, e.name+"-key")
			measure("completion", func() { must(b, c.request(c.ctx, 0, at(repo.place))) })
			measure("hover", func() { must(b, c.request(c.ctx, 1, at(repo.option))) })
			measure("definition", func() { must(b, c.request(c.ctx, 2, at(repo.option))) })
			c.await("looked at", func() bool { return c.looked > looked })
			took[e.name+"-all"] = append(took[e.name+"-all"], time.Since(began))
			time.Sleep(read)
		}
		for _, e := range repo.edits {
			// While the repository is being looked at.
			for range 2 {
				press(e, "typing-key")
				time.Sleep(40 * time.Millisecond)
			}
			looked := c.lookedOften()
			press(e, "typing-key")
			c.await("looked at", func() bool { return c.looked > looked })
			time.Sleep(read)
		}
		measure("format", func() {
			_, err := c.server.Formatting(c.ctx, &protocol.DocumentFormattingParams{TextDocument: protocol.TextDocumentIdentifier{URI: c.uri("long.nix")}})
			must(b, err)
		})
		measure("actions", func() {
			_, err := c.server.CodeAction(c.ctx, &protocol.CodeActionParams{
				TextDocument: protocol.TextDocumentIdentifier{URI: c.uri("long.nix")},
				Range:        protocol.Range{Start: protocol.Position{Line: 500}, End: protocol.Position{Line: 500}},
			})
			must(b, err)
		})
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ms(first), "first-ms")
	b.ReportMetric(ms(whole), "first-all-ms")
	b.ReportMetric(resident(b, process), "resident-MiB")
	for what, list := range took {
		slices.Sort(list)
		b.ReportMetric(ms(list[len(list)/2]), what+"-p50-ms")
		b.ReportMetric(ms(list[len(list)*99/100]), what+"-p99-ms")
	}
}

// startProcess starts a server in a process of its own, which is this program: see TestMain.
func startProcess(t testing.TB, root string) (*client, *os.Process) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serveVariable+"=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	return connected(t, root, ends{out, in}, cmd.Wait), cmd.Process
}

// ends are the two ends of pipes that lead to a process and back.
type ends struct {
	io.ReadCloser
	in io.WriteCloser
}

func (e ends) Write(p []byte) (int, error) { return e.in.Write(p) }

func (e ends) Close() error { return errors.Join(e.in.Close(), e.ReadCloser.Close()) }

// serveVariable makes this program a server on its standard input and output.
const serveVariable = "NIXLINT_TEST_SERVE"

// lookedMethod is a notification of such a server: it has looked at all, and knows of no
// newer state.
const lookedMethod = "nixlint/looked"

// serveProcess is the server that startProcess starts.
func serveProcess() error {
	return ServeProcess(context.Background(), os.Stdin, os.Stdout, Options{Version: "test", looked: func(s *server) {
		_ = s.conn.Notify(s.ctx, lookedMethod, nil) // the editor may be gone
	}})
}

// lookedOften returns how often the server has looked at all.
func (c *client) lookedOften() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.looked
}

// idle waits until the server has nothing to look at.
func (c *client) idle() {
	for before := -1; before != c.lookedOften(); time.Sleep(400 * time.Millisecond) {
		before = c.lookedOften()
	}
}

// resident returns the memory of a process, in MiB; 0 where the system does not tell.
func resident(t testing.TB, p *os.Process) float64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	var kib float64
	if _, err := fmt.Sscan(rest, &kib); err != nil {
		t.Fatal(err)
	}
	return kib / 1024
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
