package session

import (
	"context"
	"slices"
	"sync"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
)

// evaluation is the evaluation of a repository that is edited. There is one for all
// states: it is brought from one to the next, and hosts stay as they are that an edit
// does not concern.
type evaluation struct {
	turn sync.Mutex // one goroutine at a time brings it to a state

	mu     sync.Mutex // guards the rest, and all use of the model
	model  *repo.Model
	at     *Snapshot // the state it is brought to
	whole  bool      // all hosts have been evaluated once
	shared rules.Shared
}

func newEvaluation() *evaluation {
	e := &evaluation{}
	e.shared.Lock, e.shared.Remember = &e.mu, true
	e.shared.Model = func() *repo.Model { return e.model } // asked for by who has the turn
	return e
}

// bring makes the model that of a state. The error is that of the context. The caller
// has the turn.
func (e *evaluation) bring(ctx context.Context, s *Snapshot, first func(path string) bool) error {
	e.mu.Lock()
	if e.at != s {
		e.model, e.at = s.Repo.ModelAfter(e.model), s
	}
	m := e.model
	e.mu.Unlock()
	imports := func(h *repo.Host) bool {
		return first != nil && slices.ContainsFunc(h.System.Files(), first)
	}
	if err := m.Evaluate(ctx, 0, imports, &e.mu); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.whole = true
	return nil
}
