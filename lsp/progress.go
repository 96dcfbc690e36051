package lsp

import (
	"context"
	"fmt"
	"path/filepath"

	"go.lsp.dev/protocol"
)

// progress is work that the editor shows while it lasts.
type progress struct {
	server *server
	token  protocol.ProgressToken
}

// beginProgress shows that work begins, under a token of the editor or, without one, of our
// own. It returns nil, whose end does nothing, if the editor does not show work.
func (s *server) beginProgress(ctx context.Context, token protocol.ProgressToken, title, message string) *progress {
	if token == nil {
		if !s.editor.progress {
			return nil
		}
		token = protocol.String(fmt.Sprintf("nixlint-%d", s.tokenNumber.Add(1)))
		if err := s.client.WorkDoneProgressCreate(ctx, &protocol.WorkDoneProgressCreateParams{Token: token}); err != nil {
			return nil
		}
	}
	p := &progress{s, token}
	begin := protocol.WorkDoneProgressBegin{Kind: "begin", Title: title}
	if message != "" {
		begin.Message = &message
	}
	p.tell(ctx, &begin)
	return p
}

// end shows that the work is done.
func (p *progress) end(ctx context.Context, message string) {
	if p == nil {
		return
	}
	end := protocol.WorkDoneProgressEnd{Kind: "end"}
	if message != "" {
		end.Message = &message
	}
	p.tell(ctx, &end)
}

func (p *progress) tell(ctx context.Context, what any) {
	value, err := protocol.Marshal(what)
	if err != nil {
		p.server.options.Log.Error("progress cannot be encoded", "error", err)
		return
	}
	_ = p.server.client.Progress(ctx, &protocol.ProgressParams{Token: p.token, Value: value}) // the editor may be gone
}

// WorkDoneProgressCancel does nothing: what is shown ends soon, and cannot be cancelled.
func (s *server) WorkDoneProgressCancel(context.Context, *protocol.WorkDoneProgressCancelParams) error {
	return nil
}

// showIndexing shows that a repository is looked at for the first time until it is. Then the
// colours are asked for again, which the whole repository adds to.
func (s *server) showIndexing(ctx context.Context, f *folder) {
	p := s.beginProgress(ctx, nil, "nixlint", "looking at "+filepath.Base(f.Root))
	select {
	case <-ctx.Done():
	case <-f.looked:
		if s.editor.refreshesTokens {
			_ = s.client.SemanticTokensRefresh(ctx) // they did not wait; the editor may be gone
		}
	}
	p.end(ctx, fmt.Sprintf("%d files", len(f.Current().Repo.Files)))
}
