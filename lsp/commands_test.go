package lsp

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/parser"
)

// run asks for a command and returns what it came to.
func (c *client) run(command string, a map[string]any) (outcome, error) {
	c.t.Helper()
	text, err := json.Marshal(a)
	if err != nil {
		c.t.Fatal(err)
	}
	var out outcome
	raw, err := c.server.ExecuteCommand(c.ctx, &protocol.ExecuteCommandParams{Command: command, Arguments: []protocol.LSPAny{text}})
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	return out, err
}

// carryOut makes the edits that the server asked for last, as an editor would, on the disk.
func (c *client) carryOut() {
	c.t.Helper()
	c.mu.Lock()
	edit := c.applied[len(c.applied)-1]
	c.mu.Unlock()
	c.make(edit)
}

// make makes edits, as an editor would, on the disk.
func (c *client) make(edit *protocol.WorkspaceEdit) {
	c.t.Helper()
	var changed []protocol.FileEvent
	for _, change := range edit.DocumentChanges {
		switch change := change.(type) {
		case *protocol.CreateFile:
			name := change.URI.FsPath()
			if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				c.t.Fatal(err)
			}
			f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL, 0o600)
			if err != nil {
				c.t.Fatal(err)
			}
			f.Close()
		case *protocol.RenameFile:
			if err := os.Rename(change.OldURI.FsPath(), change.NewURI.FsPath()); err != nil {
				c.t.Fatal(err)
			}
			changed = append(changed, protocol.FileEvent{URI: change.OldURI, Type: protocol.FileChangeTypeDeleted}, protocol.FileEvent{URI: change.NewURI, Type: protocol.FileChangeTypeCreated})
		case *protocol.TextDocumentEdit:
			name := change.TextDocument.URI.FsPath()
			before, err := os.ReadFile(name)
			if err != nil {
				c.t.Fatal(err)
			}
			var edits []protocol.TextEdit
			for _, e := range change.Edits {
				edits = append(edits, *e.(*protocol.TextEdit))
			}
			after := applyEdits(c.t, mapper{protocol.PositionEncodingKindUTF16}, string(before), edits)
			if err := os.WriteFile(name, []byte(after), 0o600); err != nil {
				c.t.Fatal(err)
			}
			changed = append(changed, protocol.FileEvent{URI: change.TextDocument.URI, Type: protocol.FileChangeTypeChanged})
		}
	}
	if err := c.server.DidChangeWatchedFiles(c.ctx, &protocol.DidChangeWatchedFilesParams{Changes: changed}); err != nil {
		c.t.Fatal(err)
	}
}

// TestCommands makes a host, a user, a module and a virtual machine through the editor,
// and checks that nothing is found in what was made.
func TestCommands(t *testing.T) {
	c := connect(t, example(t))
	m := &markers{client: c}
	m.settle()
	for _, step := range []struct {
		command string
		with    map[string]any
		file    string
	}{
		{commandNewUser, map[string]any{"name": "robin", "description": "Robin"}, "users/robin/default.nix"},
		{commandNewModule, map[string]any{"kind": "nixos", "name": "services/media-server"}, "modules/nixos/services/media-server.nix"},
		{commandNewHost, map[string]any{"name": "attic", "users": []string{"robin"}, "modules": []string{"services.mediaServer"}}, "hosts/attic/default.nix"},
		{commandNewVM, map[string]any{"name": "builder", "host": "toaster", "memory": 8192}, "hosts/toaster/builder.nix"},
	} {
		out, err := c.run(step.command, step.with)
		if err != nil {
			t.Fatalf("%s: %v", step.command, err)
		}
		if !out.Applied || len(out.Files) == 0 {
			t.Fatalf("%s: %+v", step.command, out)
		}
		c.carryOut()
		if _, err := os.Stat(filepath.Join(c.root, step.file)); err != nil {
			t.Errorf("%s made %v", step.command, out.Files)
		}
		m.settle()
		c.mu.Lock()
		for u, p := range c.found {
			for _, d := range p.Diagnostics {
				t.Errorf("after %s: %s: %v", step.command, u, d.Message)
			}
		}
		c.mu.Unlock()
		if again, err := c.run(step.command, step.with); err != nil || again.Applied {
			t.Errorf("%s again: %+v, %v", step.command, again, err)
		}
	}
}

// TestCommandsRefuse checks that names cannot lead out of their folder, and that mistakes
// are said.
func TestCommandsRefuse(t *testing.T) {
	c := connect(t, example(t))
	for _, name := range []string{"", "../x", "/etc/x", "a b", "with"} {
		for _, command := range []string{commandNewHost, commandNewUser, commandNewModule, commandNewVM} {
			out, err := c.run(command, map[string]any{"name": name, "kind": "nixos", "host": "toaster"})
			if err == nil {
				t.Errorf("%s %q: %+v", command, name, out)
			}
		}
	}
	for _, host := range []string{"../x", "a/b", ".."} {
		if out, err := c.run(commandSnapshot, map[string]any{"host": host}); err == nil {
			t.Errorf("snapshot of %q: %+v", host, out)
		}
	}
	if _, err := c.run("nixlint.no", nil); err == nil {
		t.Error("an unknown command is run")
	}
	out, err := c.run(commandGraph, nil)
	if err != nil || !strings.Contains(out.Text, "<svg") {
		t.Errorf("graph: %.100s, %v", out.Text, err)
	}
	if len(c.applied) > 0 {
		t.Error("edits were made")
	}
}

// TestEncodings checks that positions count what was agreed upon.
func TestEncodings(t *testing.T) {
	lines := parser.NewLines("a\n𝄞é x\r\n")
	for encoding, column := range map[protocol.PositionEncodingKind]uint32{
		protocol.PositionEncodingKindUTF8: 7, protocol.PositionEncodingKindUTF16: 4, protocol.PositionEncodingKindUTF32: 3,
	} {
		m := mapper{encoding}
		at := uint32(2 + 7) // the x
		if p := m.position(lines, at); p.Line != 1 || p.Character != column {
			t.Errorf("%s: %v", encoding, p)
		}
		if got := m.offset(lines, protocol.Position{Line: 1, Character: column}); got != at {
			t.Errorf("%s: offset %d", encoding, got)
		}
		if got := m.offset(lines, protocol.Position{Line: 1, Character: 1 << 31}); got != at+1 {
			t.Errorf("%s: end of the line is %d", encoding, got)
		}
		if got := m.offset(lines, protocol.Position{Line: 1 << 31}); got != 12 {
			t.Errorf("%s: end of the text is %d", encoding, got)
		}
	}
}

// TestRegister takes proposals of modules that no registry has, of files and of folders, and
// checks that they mean something afterwards.
func TestRegister(t *testing.T) {
	root := example(t)
	for name, text := range map[string]string{
		"modules/nixos/services/media-server.nix": "{ }\n",
		"modules/home/dev/rust/default.nix":       "{ }\n",
		"hosts/toaster/windows11.nix":             "{ modules, ... }:\n{\n  imports = [ modules.nixos.services. ];\n}\n",
		"users/mira/home/default.nix":             "{ modules, ... }:\n{\n  imports = [ modules.home.dev. ];\n}\n",
	} {
		if err := os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := connect(t, root)
	for _, at := range []struct{ file, behind, label string }{
		{"hosts/toaster/windows11.nix", "services.", "mediaServer"},
		{"users/mira/home/default.nix", "dev.", "rust"},
	} {
		c.openFile(at.file)
		(&markers{client: c}).settle()
		offset := uint32(strings.Index(c.open[c.uri(at.file)].Text, at.behind) + len(at.behind))
		items, err := c.proposals(protocol.TextDocumentPositionParams{
			TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(at.file)}, Position: c.position(at.file, offset),
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range items {
			if item.Label != at.label {
				continue
			}
			command := item.Command
			command.Command = strings.Clone(command.Command)
			argument := append(protocol.LSPAny(nil), command.Arguments[0]...)
			c.edit(at.file, parser.Span{Start: offset, End: offset}, at.label)
			if _, err := c.server.ExecuteCommand(c.ctx, &protocol.ExecuteCommandParams{Command: command.Command, Arguments: []protocol.LSPAny{argument}}); err != nil {
				t.Fatal(err)
			}
			c.carryOut()
		}
		c.waitFor(at.file, "resolved", hasNot("module-path-unresolved"))
		(&markers{client: c}).settle()
		c.waitFor(at.file, "resolved", hasNot("module-path-unresolved"))
	}
	text, err := os.ReadFile(filepath.Join(root, "lib/default.nix"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`mediaServer = "${inputs.self}/modules/nixos/services/media-server.nix";`, `rust = "${inputs.self}/modules/home/dev/rust";`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the registry does not have %s:\n%s", want, text)
		}
	}
	if _, err := c.run(commandRegister, map[string]any{"key": []string{"modules", "nixos", "services", "openssh"}, "file": "modules/nixos/services/media-server.nix"}); err == nil {
		t.Error("a key that is taken was given again")
	}
	if _, err := c.run(commandRegister, map[string]any{"key": []string{}, "file": ""}); err == nil {
		t.Error("nothing was registered")
	}
}
