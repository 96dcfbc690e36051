package lsp

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

// client is an editor without a screen, connected with a server by a pipe.
type client struct {
	protocol.UnimplementedClient
	t      testing.TB
	root   string
	conn   jsonrpc2.Conn
	server protocol.Server
	ctx    context.Context

	mu      sync.Mutex // guards the rest
	changed *sync.Cond // found has changed
	found   map[uri.URI]*protocol.PublishDiagnosticsParams
	open    map[uri.URI]*protocol.TextDocumentItem
	// applied are the edits that the server asked for.
	applied []*protocol.WorkspaceEdit
	// settings is what the server gets if it asks for settings.
	settings string
	shown    []string // the work that the server has shown
	looked   int      // how often a server in a process of its own has looked at all
	hints    int      // how often the server has told to ask for hints again
}

// connect starts a server on the repository at root and says hello to it.
func connect(t testing.TB, root string) *client {
	t.Helper()
	c := start(t, root)
	c.hello(capabilities())
	return c
}

// capabilities are what an editor can do that can do most.
func capabilities() *protocol.InitializeParams {
	return &protocol.InitializeParams{
		Capabilities: protocol.ClientCapabilities{
			TextDocument: &protocol.TextDocumentClientCapabilities{
				PublishDiagnostics: &protocol.PublishDiagnosticsClientCapabilities{
					DiagnosticsCapabilities: protocol.DiagnosticsCapabilities{RelatedInformation: ptr(true)},
				},
				CodeAction: &protocol.CodeActionClientCapabilities{
					DataSupport: ptr(true), ResolveSupport: protocol.ClientCodeActionResolveOptions{Properties: []string{"edit"}},
				},
				Completion: &protocol.CompletionClientCapabilities{
					CompletionItem: &protocol.ClientCompletionItemOptions{SnippetSupport: ptr(true)},
					CompletionList: &protocol.CompletionListCapabilities{ItemDefaults: []string{"editRange"}},
				},
			},
			Workspace: &protocol.WorkspaceClientCapabilities{
				WorkspaceEdit: &protocol.WorkspaceEditClientCapabilities{
					DocumentChanges:    ptr(true),
					ResourceOperations: []protocol.ResourceOperationKind{protocol.ResourceOperationKindCreate, protocol.ResourceOperationKindRename},
				},
				DidChangeWatchedFiles: &protocol.DidChangeWatchedFilesClientCapabilities{DynamicRegistration: ptr(true)},
			},
		},
	}
}

// hello tells the server what the editor can do, and which folder it has open.
func (c *client) hello(params *protocol.InitializeParams) *protocol.InitializeResult {
	c.t.Helper()
	params.WorkspaceFolders = protocol.NewNullable([]protocol.WorkspaceFolder{{URI: uri.File(c.root), Name: "test"}})
	result, err := c.server.Initialize(c.ctx, params)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.server.Initialized(c.ctx, &protocol.InitializedParams{}); err != nil {
		c.t.Fatal(err)
	}
	return result
}

// proposals asks what can be written at a position, and returns it with the edit of each, as
// an editor reads it.
func (c *client) proposals(at protocol.TextDocumentPositionParams) ([]protocol.CompletionItem, error) {
	r, err := c.server.Completion(c.ctx, &protocol.CompletionParams{TextDocumentPositionParams: at})
	if err != nil {
		return nil, err
	}
	list := r.(*protocol.CompletionList)
	if list.ItemDefaults == nil {
		return list.Items, nil
	}
	for i := range list.Items {
		item := &list.Items[i]
		if text, ok := item.TextEditText.Get(); ok {
			item.TextEdit = &protocol.TextEdit{Range: *list.ItemDefaults.EditRange.(*protocol.Range), NewText: text}
			item.TextEditText = protocol.Optional[string]{}
		}
	}
	return list.Items, nil
}

// start starts a server and says nothing to it yet.
func start(t testing.TB, root string) *client {
	t.Helper()
	ours, theirs := net.Pipe()
	log := slog.New(slog.NewTextHandler(logWriter{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	return connected(t, root, ours, func() error { return Serve(context.Background(), theirs, Options{Version: "test", Log: log}) })
}

// connected returns a client at the end of a pipe, at whose other end a server runs until
// serve returns.
func connected(t testing.TB, root string, pipe io.ReadWriteCloser, serve func() error) *client {
	t.Helper()
	c := &client{t: t, root: root, found: make(map[uri.URI]*protocol.PublishDiagnosticsParams), open: make(map[uri.URI]*protocol.TextDocumentItem)}
	c.changed = sync.NewCond(&c.mu)
	ended := make(chan error, 1)
	go func() { ended <- serve() }()
	c.ctx = context.Background()
	c.conn = jsonrpc2.NewConn(jsonrpc2.NewHeaderStream(pipe), jsonrpc2.WithCodec(codec{}))
	c.server = protocol.ServerDispatcher(c.conn)
	c.conn.Go(c.ctx, protocol.ClientHandler(c, c.other))
	t.Cleanup(func() {
		_ = c.server.Shutdown(c.ctx)
		_ = c.server.Exit(c.ctx)
		select {
		case <-ended:
		case <-time.After(30 * time.Second):
			t.Error("the server does not end")
		}
		_ = c.conn.Close()
	})
	return c
}

// other takes messages that are not the protocol's.
func (c *client) other(ctx context.Context, req *jsonrpc2.Request) (any, error) {
	if req.Method() != lookedMethod {
		return jsonrpc2.MethodNotFoundHandler(ctx, req)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.looked++
	c.changed.Broadcast()
	return nil, nil
}

// logWriter fails a test for what a server finds worth a warning.
type logWriter struct{ t testing.TB }

func (w logWriter) Write(p []byte) (int, error) {
	w.t.Errorf("logged: %s", p)
	return len(p), nil
}

func (c *client) PublishDiagnostics(_ context.Context, p *protocol.PublishDiagnosticsParams) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.found[p.URI] = p
	c.changed.Broadcast()
	return nil
}

func (c *client) ApplyEdit(_ context.Context, p *protocol.ApplyWorkspaceEditParams) (*protocol.ApplyWorkspaceEditResult, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.applied = append(c.applied, &p.Edit)
	return &protocol.ApplyWorkspaceEditResult{Applied: true}, nil
}

func (c *client) RegisterCapability(context.Context, *protocol.RegistrationParams) error { return nil }

func (c *client) Configuration(context.Context, *protocol.ConfigurationParams) ([]protocol.LSPAny, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return []protocol.LSPAny{protocol.LSPAny(c.settings)}, nil
}

func (c *client) WorkDoneProgressCreate(context.Context, *protocol.WorkDoneProgressCreateParams) error {
	return nil
}

func (c *client) Progress(_ context.Context, p *protocol.ProgressParams) error {
	var value struct{ Kind, Title, Message string }
	if err := json.Unmarshal(p.Value, &value); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shown = append(c.shown, strings.TrimSpace(value.Kind+" "+value.Title+" "+value.Message))
	c.changed.Broadcast()
	return nil
}

func (c *client) InlayHintRefresh(context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hints++
	c.changed.Broadcast()
	return nil
}

// await waits until a condition on what the server has done holds.
func (c *client) await(what string, ok func() bool) {
	c.t.Helper()
	timer := time.AfterFunc(30*time.Second, c.changed.Broadcast)
	defer timer.Stop()
	deadline := time.Now().Add(30 * time.Second)
	c.mu.Lock()
	defer c.mu.Unlock()
	for !ok() {
		if !time.Now().Before(deadline) {
			c.t.Fatalf("never: %s", what)
		}
		c.changed.Wait()
	}
}

func (c *client) uri(path string) uri.URI {
	return uri.File(filepath.Join(c.root, filepath.FromSlash(path)))
}

// openFile opens a file with the text that the disk has.
func (c *client) openFile(path string) {
	c.t.Helper()
	text, err := os.ReadFile(filepath.Join(c.root, path))
	if err != nil {
		c.t.Fatal(err)
	}
	c.openText(path, string(text))
}

func (c *client) openText(path, text string) {
	c.t.Helper()
	item := &protocol.TextDocumentItem{URI: c.uri(path), LanguageID: "nix", Version: 1, Text: text}
	c.mu.Lock()
	c.open[item.URI] = item
	c.mu.Unlock()
	if err := c.server.DidOpen(c.ctx, &protocol.DidOpenTextDocumentParams{TextDocument: *item}); err != nil {
		c.t.Fatal(err)
	}
}

// edit replaces a span of an open file.
func (c *client) edit(path string, span parser.Span, text string) {
	c.t.Helper()
	c.mu.Lock()
	item := c.open[c.uri(path)]
	r := mapper{protocol.PositionEncodingKindUTF16}.toRange(parser.NewLines(item.Text), span)
	item.Text = item.Text[:span.Start] + text + item.Text[span.End:]
	item.Version++
	version := item.Version
	c.mu.Unlock()
	p := &protocol.DidChangeTextDocumentParams{
		TextDocument:   protocol.VersionedTextDocumentIdentifier{TextDocumentIdentifier: protocol.TextDocumentIdentifier{URI: item.URI}, Version: version},
		ContentChanges: []protocol.TextDocumentContentChangeEvent{&protocol.TextDocumentContentChangePartial{Range: r, Text: text}},
	}
	if err := c.server.DidChange(c.ctx, p); err != nil {
		c.t.Fatal(err)
	}
}

// waitFor waits until what was told about a file satisfies a condition.
func (c *client) waitFor(path, what string, ok func(*protocol.PublishDiagnosticsParams) bool) *protocol.PublishDiagnosticsParams {
	c.t.Helper()
	timer := time.AfterFunc(30*time.Second, c.changed.Broadcast)
	defer timer.Stop()
	deadline := time.Now().Add(30 * time.Second)
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if p := c.found[c.uri(path)]; p != nil && ok(p) {
			return p
		}
		if !time.Now().Before(deadline) {
			c.t.Fatalf("%s: never %s; last: %v", path, what, c.found[c.uri(path)])
		}
		c.changed.Wait()
	}
}

// has returns a condition: that there is a finding of a rule.
func has(rule string) func(*protocol.PublishDiagnosticsParams) bool {
	return func(p *protocol.PublishDiagnosticsParams) bool {
		for _, d := range p.Diagnostics {
			if d.Code == protocol.String(rule) {
				return true
			}
		}
		return false
	}
}

// hasNot returns the opposite condition.
func hasNot(rule string) func(*protocol.PublishDiagnosticsParams) bool {
	return func(p *protocol.PublishDiagnosticsParams) bool { return !has(rule)(p) }
}

// applyEdits returns a text after edits of the protocol.
func applyEdits(t testing.TB, m mapper, text string, edits []protocol.TextEdit) string {
	t.Helper()
	lines := parser.NewLines(text)
	var out []diagnostic.Edit
	for _, e := range edits {
		out = append(out, diagnostic.Edit{Span: m.toSpan(lines, e.Range), Text: e.NewText})
	}
	after, err := diagnostic.Apply(text, out)
	if err != nil {
		t.Fatal(err)
	}
	return after
}
