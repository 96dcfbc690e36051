package session

import (
	"context"
	"sync"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/parallel"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/rules"
)

// evaluation is the evaluation of a repository that is edited. There is one for all
// states: it is brought from one to the next, and hosts stay as they are that an edit
// does not concern.
type evaluation struct {
	turn sync.Mutex // one goroutine at a time brings it to a state

	mu     sync.RWMutex // guards the rest, and all use of the model
	model  *repo.Model
	at     *Snapshot // the state it is brought to
	whole  bool      // all hosts have been evaluated once
	shared rules.Shared
}

func newEvaluation(jobs int) *evaluation {
	e := &evaluation{}
	e.shared.Lock, e.shared.Remember = &e.mu, true
	e.shared.Workers = parallel.Workers{Most: jobs, Background: true}
	return e
}

// follow makes the model that of a state, of which hosts may still be to be evaluated.
// The caller has the turn.
func (e *evaluation) follow(s *Snapshot) *repo.Model {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.at != s {
		e.model, e.at = s.Repo.ModelAfter(e.model), s
	}
	return e.model
}

// bring makes the model that of a state and evaluates its hosts. The caller has the turn.
func (e *evaluation) bring(s *Snapshot) {
	m := e.follow(s)
	_ = m.Evaluate(context.Background(), e.shared.Workers, nil, nil, &e.mu) // only the context can end it
	e.mu.Lock()
	defer e.mu.Unlock()
	e.whole = true
}

// check checks a state, which evaluates its hosts. Those that import a file of which open
// is true come first. The caller has the turn.
func (e *evaluation) check(ctx context.Context, s *Snapshot, open func(path string) bool) ([]diagnostic.Diagnostic, error) {
	e.shared.Model = func() *repo.Model { return e.follow(s) }
	e.shared.Open = open
	found, err := rules.CheckWith(ctx, s.Repo, &e.shared, s.Settings)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.whole = e.whole || err == nil && e.at == s
	return found, err
}
