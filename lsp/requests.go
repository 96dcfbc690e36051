package lsp

import (
	"context"
	"sync"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// requests are those that are being worked on, so that the editor can cancel them.
type requests struct {
	mu      sync.Mutex // guards running
	running map[jsonrpc2.ID]context.CancelFunc
}

// begin returns a context for a request, and a function to call when it is answered.
func (r *requests) begin(ctx context.Context, id jsonrpc2.ID) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running == nil {
		r.running = make(map[jsonrpc2.ID]context.CancelFunc)
	}
	r.running[id] = cancel
	return ctx, func() {
		cancel()
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.running, id)
	}
}

// cancel takes the parameters of a notification that cancels a request. One that is
// answered already is no error.
func (r *requests) cancel(params jsonrpc2.RawMessage) error {
	var p protocol.CancelParams
	if err := protocol.Unmarshal(params, &p); err != nil {
		return err
	}
	var id jsonrpc2.ID
	switch v := p.ID.(type) {
	case protocol.Integer:
		id = jsonrpc2.NewNumberID(int64(v))
	case protocol.String:
		id = jsonrpc2.NewStringID(string(v))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if cancel := r.running[id]; cancel != nil {
		cancel()
	}
	return nil
}
