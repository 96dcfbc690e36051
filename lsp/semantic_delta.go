package lsp

import (
	"context"
	"strconv"
	"sync"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// tokenResults are the semantic tokens that the editor has, by document.
type tokenResults struct {
	mu     sync.Mutex // guards the rest
	number int
	last   map[uri.URI]tokenResult
}

type tokenResult struct {
	id   string
	data []uint32
}

// keep notes what the editor gets, and returns what it had.
func (r *tokenResults) keep(u uri.URI, data []uint32) (id string, before tokenResult) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last == nil {
		r.last = make(map[uri.URI]tokenResult)
	}
	r.number++
	id, before = strconv.Itoa(r.number), r.last[u]
	r.last[u] = tokenResult{id, data}
	return id, before
}

// forget drops what is kept of a document that is closed.
func (r *tokenResults) forget(u uri.URI) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.last, u)
}

// SemanticTokensFullDelta tells how the tokens of a file differ from those that the editor
// has; all of them if it has others than were told last.
func (s *server) SemanticTokensFullDelta(ctx context.Context, p *protocol.SemanticTokensDeltaParams) (protocol.SemanticTokensDeltaResult, error) {
	q, err := s.queryNix(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	tokens := q.encode(q.semanticTokens())
	id, before := s.tokens.keep(p.TextDocument.URI, tokens.Data)
	if before.id == "" || before.id != p.PreviousResultID {
		tokens.ResultID = &id
		return tokens, nil
	}
	return &protocol.SemanticTokensDelta{ResultID: &id, Edits: tokenEdits(before.data, tokens.Data)}, nil
}

// tokenEdits returns the edit that makes one list of numbers of another: what is in the
// middle is replaced.
func tokenEdits(before, after []uint32) []protocol.SemanticTokensEdit {
	most := min(len(before), len(after))
	prefix := 0
	for prefix < most && before[prefix] == after[prefix] {
		prefix++
	}
	if prefix == len(before) && prefix == len(after) {
		return []protocol.SemanticTokensEdit{}
	}
	suffix := 0
	for suffix < most-prefix && before[len(before)-1-suffix] == after[len(after)-1-suffix] {
		suffix++
	}
	return []protocol.SemanticTokensEdit{{
		Start: uint32(prefix), DeleteCount: uint32(len(before) - prefix - suffix), Data: after[prefix : len(after)-suffix],
	}}
}
