package lsp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/sourcegraph/conc"
	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/flake"
)

// ErrNoShutdown is returned by Serve if the editor went away without asking the
// server to shut down.
var ErrNoShutdown = errors.New("the editor ended the connection without a shutdown request")

// Options say how a server behaves.
type Options struct {
	Version string // of nixlint, told to the editor
	Log     *slog.Logger

	// jobs is the number of files, or of hosts, looked at at once; 0 means one for each
	// processor.
	jobs int
	// store is where Nix keeps what it fetches; empty for its own place.
	store string
	// looked is called when a repository has been looked at and has not changed meanwhile;
	// nil for nobody.
	looked func(s *server)
	// pause is called when there is nothing to do for the moment; it may be nil.
	pause func()
}

// server is one connection with an editor.
type server struct {
	protocol.UnimplementedServer
	options Options
	client  protocol.Client
	conn    jsonrpc2.Conn
	// work are the goroutines of the server; they end when ctx is done.
	work   conc.WaitGroup
	ctx    context.Context
	cancel context.CancelFunc

	mapper      mapper // set by initialize, before any other request
	editor      editor // likewise
	initialized atomic.Bool
	shut        atomic.Bool
	exited      chan struct{}
	exitOnce    sync.Once

	requests  requests
	workspace workspace
	tokens    tokenResults
	// tokenNumber counts the progress that has been shown.
	tokenNumber atomic.Int64
}

// Serve speaks with an editor over a pipe until that asks to exit or goes away. It
// returns nil if the editor said good-bye properly, ErrNoShutdown if it did not.
func Serve(ctx context.Context, pipe io.ReadWriteCloser, o Options) error {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.store == "" {
		o.store = flake.StoreDir
	}
	s := &server{options: o, exited: make(chan struct{})}
	s.ctx, s.cancel = context.WithCancel(ctx)
	s.workspace.init(s)
	s.conn = jsonrpc2.NewConn(jsonrpc2.NewHeaderStream(pipe), jsonrpc2.WithCodec(codec{}))
	s.client = protocol.ClientDispatcher(s.conn)
	s.conn.Go(s.ctx, s.handler())
	select {
	case <-s.exited:
	case <-s.conn.Done():
	case <-ctx.Done():
	}
	s.cancel()
	// The pipe's reader may wait for ever, as one of a terminal does.
	pipe.Close()
	s.work.Wait()
	if !s.shut.Load() {
		if err := s.conn.Err(); err != nil {
			return fmt.Errorf("%w: %w", ErrNoShutdown, err)
		}
		return ErrNoShutdown
	}
	return nil
}

// codec encodes what messages carry with the protocol package.
type codec struct{}

func (codec) Marshal(v any) ([]byte, error) {
	if raw, ok := v.(jsonrpc2.RawMessage); ok {
		if raw == nil {
			return []byte("null"), nil
		}
		return raw, nil
	}
	return protocol.Marshal(v)
}

func (codec) Unmarshal(data []byte, v any) error {
	if raw, ok := v.(*jsonrpc2.RawMessage); ok {
		*raw = append(jsonrpc2.RawMessage(nil), data...)
		return nil
	}
	// Decoded texts share the memory that they are read from, and that is where the next
	// message may be read to.
	return protocol.Unmarshal(bytes.Clone(data), v)
}

// inOrder are the methods that are done before the next message is read. All others
// only read.
var inOrder = map[string]bool{
	protocol.MethodInitialize:                         true,
	protocol.MethodInitialized:                        true,
	protocol.MethodShutdown:                           true,
	protocol.MethodExit:                               true,
	protocol.MethodCancelRequest:                      true,
	protocol.MethodTextDocumentDidOpen:                true,
	protocol.MethodTextDocumentDidChange:              true,
	protocol.MethodTextDocumentDidClose:               true,
	protocol.MethodTextDocumentDidSave:                true,
	protocol.MethodWorkspaceDidChangeWatchedFiles:     true,
	protocol.MethodWorkspaceDidChangeConfiguration:    true,
	protocol.MethodWorkspaceDidChangeWorkspaceFolders: true,
}

// handler returns what is done with each message.
func (s *server) handler() jsonrpc2.Handler {
	serve := protocol.ServerHandler(s, jsonrpc2.MethodNotFoundHandler)
	return func(ctx context.Context, req *jsonrpc2.Request) (result any, err error) {
		// The request's own memory is used again once it is answered.
		method, call := strings.Clone(req.Method()), req.IsCall()
		defer func() {
			if r := recover(); r != nil {
				s.options.Log.Error("request failed", "method", method, "panic", r, "stack", string(debug.Stack()))
				result, err = nil, jsonrpc2.Errorf(jsonrpc2.InternalError, "%s failed: %v", method, r)
			}
			if err != nil && !call {
				// An error of a notification has nobody to be told to, and would
				// end the connection.
				s.options.Log.Error("notification failed", "method", method, "error", err)
				err = nil
			}
		}()
		if err := s.refuses(method, call); err != nil {
			return nil, err
		}
		if method == protocol.MethodCancelRequest {
			return nil, s.requests.cancel(req.Params())
		}
		if inOrder[method] {
			return serve(ctx, req)
		}
		// The request's context ends with it, and contexts made of it must not: the
		// server's outlives both.
		own, end := s.requests.begin(s.ctx, req.ID())
		defer end()
		own = s.workspace.pin(own)
		jsonrpc2.Async(ctx)
		result, err = serve(own, req)
		if own.Err() != nil {
			return nil, protocol.ErrRequestCancelled
		}
		if errors.Is(err, errNoFile) {
			return nil, nil
		}
		return result, err
	}
}

// refuses returns why a message cannot be taken at this stage of the connection.
func (s *server) refuses(method string, call bool) error {
	switch {
	case method == protocol.MethodExit:
		return nil
	case s.shut.Load() && call:
		return jsonrpc2.Errorf(jsonrpc2.InvalidRequest, "the server is shut down")
	case s.initialized.Load() && method == protocol.MethodInitialize:
		return jsonrpc2.Errorf(jsonrpc2.InvalidRequest, "the server is initialized already")
	case !s.initialized.Load() && method != protocol.MethodInitialize:
		return jsonrpc2.Errorf(jsonrpc2.ServerNotInitialized, "initialize comes first")
	}
	return nil
}

// background runs a function beside the messages until it returns. A panic in it is
// logged.
func (s *server) background(what string, f func(ctx context.Context)) {
	s.work.Go(func() {
		defer func() {
			if r := recover(); r != nil {
				s.options.Log.Error("background work failed", "what", what, "panic", r, "stack", string(debug.Stack()))
			}
		}()
		f(s.ctx)
	})
}
