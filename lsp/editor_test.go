package lsp

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nixlint/nixlint/parser"
)

const toaster = "hosts/toaster/default.nix"

// break makes the toaster's module path wrong on the disk.
func breakToaster(t *testing.T, root string) {
	t.Helper()
	name := filepath.Join(root, toaster)
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(strings.Replace(string(text), "hardware.nvidia", "hardware.nvidai", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestOwnWatcher checks that changes on the disk are seen although the editor does not tell
// of them.
func TestOwnWatcher(t *testing.T) {
	root := example(t)
	c := start(t, root)
	p := capabilities()
	p.Capabilities.Workspace.DidChangeWatchedFiles = nil
	c.hello(p)
	c.openFile("flake.nix")
	c.waitFor("flake.nix", "told", func(*protocol.PublishDiagnosticsParams) bool { return true })
	breakToaster(t, root)
	c.waitFor(toaster, "unresolved", has("module-path-unresolved"))
}

// TestConfiguration checks that settings are asked for, and that new ones hold.
func TestConfiguration(t *testing.T) {
	root := example(t)
	breakToaster(t, root)
	c := start(t, root)
	c.settings = `{"ignore": ["module-path-unresolved"], "inlayHints": {"sizes": false}}`
	p := capabilities()
	p.Capabilities.Workspace.Configuration = ptr(true)
	p.Capabilities.Workspace.InlayHint = &protocol.InlayHintWorkspaceClientCapabilities{RefreshSupport: ptr(true)}
	c.hello(p)
	c.await("hints are asked for again", func() bool { return c.hints == 1 })
	m := &markers{client: c}
	m.settle()
	c.mu.Lock()
	if found := c.found[c.uri(toaster)]; found != nil && has("module-path-unresolved")(found) {
		t.Error("a rule that the settings ignore has found something")
	}
	c.settings = `{}`
	c.mu.Unlock()
	c.openFile("hosts/toaster/windows11.nix")
	hints := func() string {
		r, err := c.server.InlayHint(c.ctx, &protocol.InlayHintParams{
			TextDocument: protocol.TextDocumentIdentifier{URI: c.uri("hosts/toaster/windows11.nix")}, Range: protocol.Range{End: protocol.Position{Line: 1000}},
		})
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		for _, h := range r {
			out.WriteString(string(h.Label.(protocol.String)) + "\n")
		}
		return out.String()
	}
	if strings.Contains(hints(), "16 GiB") {
		t.Error("sizes are shown although they are switched off")
	}
	if err := c.server.DidChangeConfiguration(c.ctx, &protocol.DidChangeConfigurationParams{}); err != nil {
		t.Fatal(err)
	}
	c.waitFor(toaster, "unresolved", has("module-path-unresolved"))
	if !strings.Contains(hints(), "16 GiB") {
		t.Errorf("no sizes among %s", hints())
	}
	// Settings may come with the message too.
	if err := c.server.DidChangeConfiguration(c.ctx, &protocol.DidChangeConfigurationParams{Settings: protocol.LSPAny(`{"nixlint": {"ignore": ["module-path-unresolved"]}}`)}); err != nil {
		t.Fatal(err)
	}
	c.waitFor(toaster, "ignored", hasNot("module-path-unresolved"))
}

// TestProgress checks that work is shown: the first look, and commands that ask for it.
func TestProgress(t *testing.T) {
	c := start(t, example(t))
	p := capabilities()
	p.Capabilities.Window = &protocol.WindowClientCapabilities{WorkDoneProgress: ptr(true)}
	c.hello(p)
	c.await("the first look ends", func() bool {
		return len(c.shown) == 2 && strings.HasPrefix(c.shown[0], "begin nixlint looking at ") && strings.HasSuffix(c.shown[1], " files")
	})
	params := &protocol.ExecuteCommandParams{Command: commandGraph}
	params.WorkDoneToken = protocol.String("mine")
	if _, err := c.server.ExecuteCommand(c.ctx, params); err != nil {
		t.Fatal(err)
	}
	c.await("the command ends", func() bool {
		return len(c.shown) == 4 && c.shown[2] == "begin "+commandGraph && c.shown[3] == "end"
	})
}

// TestFolders opens a second repository and closes it again.
func TestFolders(t *testing.T) {
	first, second := example(t), example(t)
	breakToaster(t, second)
	c := connect(t, first)
	other := protocol.WorkspaceFolder{URI: uri.File(second), Name: "second"}
	file := uri.File(filepath.Join(second, toaster))
	change := func(e protocol.WorkspaceFoldersChangeEvent) {
		t.Helper()
		if err := c.server.DidChangeWorkspaceFolders(c.ctx, &protocol.DidChangeWorkspaceFoldersParams{Event: e}); err != nil {
			t.Fatal(err)
		}
	}
	change(protocol.WorkspaceFoldersChangeEvent{Added: []protocol.WorkspaceFolder{other}})
	c.await("the second repository is looked at", func() bool { return c.found[file] != nil && has("module-path-unresolved")(c.found[file]) })
	if r, err := c.server.Symbols(c.ctx, &protocol.WorkspaceSymbolParams{Query: "toaster"}); err != nil || len(rootsOf(r)) != 2 {
		t.Errorf("symbols are of %v, %v", rootsOf(r), err)
	}
	change(protocol.WorkspaceFoldersChangeEvent{Removed: []protocol.WorkspaceFolder{other}})
	c.await("the findings are taken back", func() bool { return len(c.found[file].Diagnostics) == 0 })
	if r, err := c.server.Symbols(c.ctx, &protocol.WorkspaceSymbolParams{Query: "toaster"}); err != nil || len(rootsOf(r)) != 1 {
		t.Errorf("afterwards, symbols are of %v, %v", rootsOf(r), err)
	}
}

// rootsOf returns the repositories that hosts among symbols are of.
func rootsOf(r protocol.WorkspaceSymbolResult) (out []string) {
	list, _ := r.(protocol.SymbolInformationSlice)
	for _, s := range list {
		if root, ok := strings.CutSuffix(s.Location.URI.FsPath(), "/hosts/default.nix"); ok && !slices.Contains(out, root) {
			out = append(out, root)
		}
	}
	return out
}

// TestPull asks for findings: of a file, of the repository, and again.
func TestPull(t *testing.T) {
	root := example(t)
	breakToaster(t, root)
	c := start(t, root)
	p := capabilities()
	p.Capabilities.TextDocument.PublishDiagnostics = nil
	p.Capabilities.TextDocument.Diagnostic = &protocol.DiagnosticClientCapabilities{}
	if r := c.hello(p); r.Capabilities.DiagnosticProvider == nil {
		t.Fatal("findings cannot be asked for")
	}
	r, err := c.server.DiagnosticWorkspace(c.ctx, &protocol.WorkspaceDiagnosticParams{})
	if err != nil {
		t.Fatal(err)
	}
	var before []protocol.PreviousResultId
	found := false
	for _, item := range r.Items {
		full := item.(*protocol.WorkspaceFullDocumentDiagnosticReport)
		before = append(before, protocol.PreviousResultId{URI: full.URI, Value: *full.ResultID})
		for _, d := range full.Items {
			found = found || full.URI == c.uri(toaster) && d.Code == protocol.String("module-path-unresolved") && d.CodeDescription.Href != ""
		}
	}
	if !found {
		t.Errorf("not found among %d reports", len(r.Items))
	}
	r, err = c.server.DiagnosticWorkspace(c.ctx, &protocol.WorkspaceDiagnosticParams{PreviousResultIds: before})
	if err != nil || len(r.Items) != len(before) {
		t.Fatalf("again: %d reports, %v", len(r.Items), err)
	}
	for _, item := range r.Items {
		if _, same := item.(*protocol.WorkspaceUnchangedDocumentDiagnosticReport); !same {
			t.Errorf("nothing has changed, and yet: %T", item)
		}
	}
	one, err := c.server.Diagnostic(c.ctx, &protocol.DocumentDiagnosticParams{TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(toaster)}})
	if err != nil {
		t.Fatal(err)
	}
	full := one.(*protocol.RelatedFullDocumentDiagnosticReport)
	again, err := c.server.Diagnostic(c.ctx, &protocol.DocumentDiagnosticParams{
		TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(toaster)}, PreviousResultID: full.ResultID,
	})
	if _, same := again.(*protocol.RelatedUnchangedDocumentDiagnosticReport); !same || err != nil {
		t.Errorf("again: %T, %v", again, err)
	}
	// The file is mended in the editor, and its report is there once more, empty.
	c.openFile(toaster)
	at := uint32(strings.Index(c.open[c.uri(toaster)].Text, "nvidai"))
	c.edit(toaster, parser.Span{Start: at, End: at + uint32(len("nvidai"))}, "nvidia")
	r, err = c.server.DiagnosticWorkspace(c.ctx, &protocol.WorkspaceDiagnosticParams{PreviousResultIds: before})
	if err != nil {
		t.Fatal(err)
	}
	mended := slices.ContainsFunc(r.Items, func(item protocol.WorkspaceDocumentDiagnosticReport) bool {
		full, ok := item.(*protocol.WorkspaceFullDocumentDiagnosticReport)
		return ok && full.URI == c.uri(toaster) && len(full.Items) == 0 && full.Version != nil && *full.Version == 2
	})
	if !mended {
		t.Errorf("the mended file is not among %d reports", len(r.Items))
	}
}

// TestPullOnce checks that an editor that cannot be told to ask again gets all findings of a
// file when it asks first.
func TestPullOnce(t *testing.T) {
	root := example(t)
	breakToaster(t, root)
	c := start(t, root)
	p := capabilities()
	p.Capabilities.TextDocument.PublishDiagnostics = nil
	p.Capabilities.TextDocument.Diagnostic = &protocol.DiagnosticClientCapabilities{}
	c.hello(p)
	c.openFile(toaster)
	r, err := c.server.Diagnostic(c.ctx, &protocol.DocumentDiagnosticParams{TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(toaster)}})
	if err != nil {
		t.Fatal(err)
	}
	full := r.(*protocol.RelatedFullDocumentDiagnosticReport)
	if !slices.ContainsFunc(full.Items, func(d protocol.Diagnostic) bool { return d.Code == protocol.String("module-path-unresolved") }) {
		t.Errorf("the first answer has %d findings, and not the one of the repository", len(full.Items))
	}
}

// TestTokenDelta checks that the edits of semantic tokens make the new ones of the old.
func TestTokenDelta(t *testing.T) {
	c := connect(t, example(t))
	c.openFile(toaster)
	id := protocol.TextDocumentIdentifier{URI: c.uri(toaster)}
	full, err := c.server.SemanticTokensFull(c.ctx, &protocol.SemanticTokensParams{TextDocument: id})
	if err != nil || full.ResultID == nil {
		t.Fatal(err)
	}
	data, last := full.Data, *full.ResultID
	for i, text := range []string{"a = b: b; ", "", "c = 1; "} {
		at := uint32(strings.Index(c.open[c.uri(toaster)].Text, "imports ="))
		c.edit(toaster, parser.Span{Start: at, End: at}, text)
		r, err := c.server.SemanticTokensFullDelta(c.ctx, &protocol.SemanticTokensDeltaParams{TextDocument: id, PreviousResultID: last})
		if err != nil {
			t.Fatal(err)
		}
		delta, ok := r.(*protocol.SemanticTokensDelta)
		if !ok || text == "" && len(delta.Edits) != 0 {
			t.Fatalf("step %d: %T", i, r)
		}
		for _, e := range delta.Edits {
			if len(e.Data) > 100 {
				t.Errorf("step %d: %d numbers are sent for %q", i, len(e.Data), text)
			}
			data = slices.Concat(data[:e.Start], e.Data, data[e.Start+e.DeleteCount:])
		}
		want, err := c.server.SemanticTokensFull(c.ctx, &protocol.SemanticTokensParams{TextDocument: id})
		if err != nil || !slices.Equal(data, want.Data) {
			t.Errorf("step %d: the edits lead elsewhere (%v)", i, err)
		}
		last = *want.ResultID
	}
	r, err := c.server.SemanticTokensFullDelta(c.ctx, &protocol.SemanticTokensDeltaParams{TextDocument: id, PreviousResultID: "no such"})
	if _, whole := r.(*protocol.SemanticTokens); !whole || err != nil {
		t.Errorf("for a result that is not known: %T, %v", r, err)
	}
}

// TestRegistryLens checks that making a module is offered where modules are registered.
func TestRegistryLens(t *testing.T) {
	c := connect(t, example(t))
	(&markers{client: c}).settle()
	r, err := c.server.CodeLens(c.ctx, &protocol.CodeLensParams{TextDocument: protocol.TextDocumentIdentifier{URI: c.uri("lib/default.nix")}})
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, l := range r {
		if l.Command.Command == commandNewModule {
			kinds = append(kinds, string(l.Command.Arguments[0]))
		}
	}
	if len(kinds) != 2 || !strings.Contains(kinds[0], `"kind":"nixos"`) || !strings.Contains(kinds[1], `"kind":"home"`) {
		t.Errorf("lenses: %v", kinds)
	}
}

// TestRenameAcrossFiles renames a host, a user and a module with its file, makes the edits on
// the disk as an editor would, and checks that nothing is found in what that gives.
func TestRenameAcrossFiles(t *testing.T) {
	c := start(t, example(t))
	c.settings = `{"renameFiles": true}`
	p := capabilities()
	p.InitializationOptions = protocol.LSPAny(c.settings)
	c.hello(p)
	m := &markers{client: c}
	m.settle()
	for _, step := range []struct{ file, at, to, made string }{
		{"hosts/default.nix", "toaster = lib", "furnace", "hosts/furnace/default.nix"},
		{"users/default.nix", "mira = ", "nora", "users/nora/home/default.nix"},
		{"hosts/laptop/default.nix", "base\n", "basics", "modules/nixos/networking/basics.nix"},
	} {
		text, err := os.ReadFile(filepath.Join(c.root, step.file))
		if err != nil {
			t.Fatal(err)
		}
		at := strings.Index(string(text), step.at)
		if at < 0 {
			t.Fatalf("%s has no %q", step.file, step.at)
		}
		edit, err := c.server.Rename(c.ctx, &protocol.RenameParams{
			TextDocumentPositionParams: protocol.TextDocumentPositionParams{
				TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(step.file)},
				Position:     mapper{protocol.PositionEncodingKindUTF16}.position(parser.NewLines(string(text)), uint32(at)),
			},
			NewName: step.to,
		})
		if err != nil {
			t.Fatal(err)
		}
		c.make(edit)
		if _, err := os.Stat(filepath.Join(c.root, step.made)); err != nil {
			t.Errorf("after %q: %v", step.at, err)
		}
		m.settle()
		c.mu.Lock()
		for u, p := range c.found {
			for _, d := range p.Diagnostics {
				t.Errorf("after %q: %s: %v", step.at, u, d.Message)
			}
		}
		c.mu.Unlock()
	}
	r, err := c.server.Symbols(c.ctx, &protocol.WorkspaceSymbolParams{Query: "furnace"})
	if list, _ := r.(protocol.SymbolInformationSlice); err != nil || len(list) == 0 {
		t.Errorf("the host is gone: %v, %v", list, err)
	}
}

// TestWrongRequests checks that what makes no sense is answered with an error that says why.
func TestWrongRequests(t *testing.T) {
	c := connect(t, example(t))
	c.openFile(toaster)
	no := protocol.TextDocumentPositionParams{TextDocument: protocol.TextDocumentIdentifier{URI: c.uri("hosts/none.nix")}}
	far := protocol.TextDocumentPositionParams{TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(toaster)}, Position: protocol.Position{Line: 1 << 30, Character: 1 << 30}}
	for name, ask := range map[string]func(protocol.TextDocumentPositionParams) error{
		"signatureHelp": func(at protocol.TextDocumentPositionParams) error {
			_, err := c.server.SignatureHelp(c.ctx, &protocol.SignatureHelpParams{TextDocumentPositionParams: at})
			return err
		},
		"codeLens": func(at protocol.TextDocumentPositionParams) error {
			_, err := c.server.CodeLens(c.ctx, &protocol.CodeLensParams{TextDocument: at.TextDocument})
			return err
		},
		"prepareCallHierarchy": func(at protocol.TextDocumentPositionParams) error {
			_, err := c.server.PrepareCallHierarchy(c.ctx, &protocol.CallHierarchyPrepareParams{TextDocumentPositionParams: at})
			return err
		},
		"linkedEditingRange": func(at protocol.TextDocumentPositionParams) error {
			_, err := c.server.LinkedEditingRange(c.ctx, &protocol.LinkedEditingRangeParams{TextDocumentPositionParams: at})
			return err
		},
		"completion": func(at protocol.TextDocumentPositionParams) error {
			_, err := c.server.Completion(c.ctx, &protocol.CompletionParams{TextDocumentPositionParams: at})
			return err
		},
		"prepareRename": func(at protocol.TextDocumentPositionParams) error {
			_, err := c.server.PrepareRename(c.ctx, &protocol.PrepareRenameParams{TextDocumentPositionParams: at})
			return err
		},
	} {
		if err := ask(no); err == nil || !strings.Contains(err.Error(), "hosts/none.nix") {
			t.Errorf("%s of a file that is not there: %v", name, err)
		}
		if err := ask(far); err != nil {
			t.Errorf("%s beyond the end: %v", name, err)
		}
	}
	if _, err := c.server.CompletionResolve(c.ctx, &protocol.CompletionItem{Label: "x", Data: protocol.LSPAny(`[1]`)}); err == nil {
		t.Error("data of others are resolved")
	}
	if _, err := c.server.WillRenameFiles(c.ctx, &protocol.RenameFilesParams{Files: []protocol.FileRename{{OldURI: string(c.uri(toaster)), NewURI: "file:///elsewhere.nix"}}}); err == nil {
		t.Error("files may leave the repository")
	}
	if _, err := c.conn.Call(c.ctx, protocol.MethodTextDocumentSignatureHelp, "nonsense", nil); err == nil {
		t.Error("malformed parameters are taken")
	}
}

// TestShortItems checks that an editor which takes the place of proposals once for all of them
// inserts what another one does.
func TestShortItems(t *testing.T) {
	const file = "hosts/toaster/default.nix"
	var asked [2][]protocol.CompletionItem
	for i, place := range []bool{false, true} {
		c := start(t, example(t))
		can := capabilities()
		if !place {
			can.Capabilities.TextDocument.Completion.CompletionList = nil
		}
		c.hello(can)
		c.openFile(file)
		(&markers{client: c}).settle()
		offset := uint32(strings.Index(c.open[c.uri(file)].Text, "modules.nixos.") + len("modules.ni"))
		items, err := c.proposals(protocol.TextDocumentPositionParams{
			TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(file)}, Position: c.position(file, offset),
		})
		if err != nil || len(items) == 0 {
			t.Fatalf("%d proposals, error %v", len(items), err)
		}
		for _, item := range items {
			if edit, ok := item.TextEdit.(*protocol.TextEdit); !ok || edit.Range.Start == edit.Range.End {
				t.Errorf("with places at once %v: `%s` has the edit %v", place, item.Label, item.TextEdit)
			}
		}
		asked[i] = items
	}
	if !reflect.DeepEqual(asked[0], asked[1]) {
		t.Errorf("proposals differ:\n%v\n%v", asked[0], asked[1])
	}
}
