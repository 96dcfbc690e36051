package lsp

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/parallel"
	"github.com/nixlint/nixlint/analysis/rules"
	"github.com/nixlint/nixlint/analysis/session"
	"github.com/nixlint/nixlint/parser"
)

// quiet is how long nothing must have been typed before the whole repository is
// looked at again: enough for edits that come together. The findings of the file itself do
// not wait, and a key stops the check that is running.
const quiet = 5 * time.Millisecond

// teller tells the editor what is found in a repository, in two steps. The findings
// that a file gives rise to alone follow each key; with them are told again, moved
// along with the text, those that the whole repository gave rise to when it was looked
// at last. A moment later the whole is looked at again.
type teller struct {
	mu      sync.Mutex // guards touched, stop and done
	touched map[string]bool
	stop    context.CancelCauseFunc // the check that is running; nil if there was none
	done    time.Time               // when one was done last
	wakeOne chan struct{}           // files were touched
	wakeAll chan struct{}           // the repository is to be looked at
	// looked is closed when it has been looked at once.
	looked     chan struct{}
	lookedOnce sync.Once

	tellMu sync.Mutex         // one goroutine tells at a time; guards the rest
	told   map[string]telling // by file, what the editor shows
	warned string             // the last error of the settings
}

func (t *teller) init() {
	t.touched = make(map[string]bool)
	t.told = make(map[string]telling)
	t.wakeOne = make(chan struct{}, 1)
	t.wakeAll = make(chan struct{}, 1)
	t.looked = make(chan struct{})
}

// telling is what the editor was told about a file.
type telling struct {
	found []diagnostic.Diagnostic
	// texts are those of the file and then of the files that findings point to besides, in
	// which their places are lines and columns.
	texts []string
}

// newTelling returns what is to be told about a file of a state of a repository.
func newTelling(now *session.Snapshot, path string, found []diagnostic.Diagnostic) telling {
	text := func(path string) string {
		out, _ := now.Repo.Text(path)
		return out
	}
	t := telling{found, []string{text(path)}}
	for _, d := range found {
		for _, r := range d.Related {
			if r.File != path {
				t.texts = append(t.texts, text(r.File))
			}
		}
	}
	return t
}

// equal reports whether the editor shows the same for both.
func (t telling) equal(o telling) bool {
	return slices.Equal(t.texts, o.texts) && slices.EqualFunc(t.found, o.found, func(a, b diagnostic.Diagnostic) bool {
		return a.Span == b.Span && a.Rule == b.Rule && a.Severity == b.Severity && a.Message == b.Message && a.Help == b.Help &&
			a.Tags == b.Tags && slices.Equal(a.Related, b.Related)
	})
}

// touch makes the findings in files, and then in the whole repository, be told.
func (t *teller) touch(paths ...string) {
	t.mu.Lock()
	for _, p := range paths {
		t.touched[p] = true
	}
	if t.stop != nil && time.Since(t.done) < patience {
		t.stop(errStopped)
	}
	t.mu.Unlock()
	signal(t.wakeOne)
	signal(t.wakeAll)
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// takeTouched returns the files touched since the last call.
func (t *teller) takeTouched() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []string
	for p := range t.touched {
		out = append(out, p)
	}
	clear(t.touched)
	slices.Sort(out)
	return out
}

// startTelling makes the findings in a repository be told from now on.
func (s *server) startTelling(f *folder) {
	if s.editor.pulls {
		s.background("looking at "+f.Root, func(context.Context) { s.lookAtAll(f.ctx, f) })
	} else {
		s.background("telling findings", func(context.Context) { s.tellTouched(f.ctx, f) })
		s.background("telling all findings", func(context.Context) { s.lookAtAll(f.ctx, f) })
	}
	signal(f.wakeAll)
}

func (s *server) tellTouched(ctx context.Context, f *folder) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.wakeOne:
		}
		for _, path := range f.takeTouched() {
			s.tell(ctx, f, path, true)
		}
	}
}

// lookAtAll looks at the whole repository whenever it has changed and nothing has
// changed for a moment.
func (s *server) lookAtAll(ctx context.Context, f *folder) {
	parallel.Background()
	timer := time.NewTimer(0)
	<-timer.C
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.wakeAll:
			timer.Reset(quiet)
			continue
		case <-timer.C:
		}
		now := f.Current()
		var found []diagnostic.Diagnostic
		var err error
		if f.isRepository() {
			found, err = s.check(ctx, f, now)
		}
		if ctx.Err() != nil {
			return
		}
		if errors.Is(err, errStopped) {
			continue
		}
		if err != nil {
			s.options.Log.Warn("settings cannot be read", "root", f.Root, "error", err)
			s.warnOnce(ctx, f, err)
		}
		f.Settle(now)
		f.lookedOnce.Do(func() { close(f.looked) })
		if s.editor.pulls {
			if s.editor.refreshes {
				_ = s.client.DiagnosticRefresh(ctx) // the editor may be gone
			}
			s.pause()
			continue
		}
		s.tellAll(ctx, f, found)
		s.pause()
		if s.options.looked != nil && f.Current() == now {
			s.options.looked(s)
		}
	}
}

// pause tells the process that there is nothing to do for the moment.
func (s *server) pause() {
	if s.options.pause != nil {
		s.options.pause()
	}
}

// patience is how long an editor whose user types on without a pause waits for what the
// whole repository gives rise to; then a check runs to its end.
const patience = 2 * time.Second

// errStopped is the end of a check whose findings would be out of date.
var errStopped = errors.New("something has changed meanwhile")

// check looks at the whole repository in a state. It stops with errStopped when there
// is a newer one.
func (s *server) check(ctx context.Context, f *folder, now *session.Snapshot) ([]diagnostic.Diagnostic, error) {
	own, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	f.mu.Lock()
	f.stop = stop
	if f.done.IsZero() {
		f.done = time.Now()
	}
	f.mu.Unlock()
	if f.Current() != now {
		signal(f.wakeAll)
		return nil, errStopped
	}
	s.workspace.mu.Lock()
	open := s.workspace.openIn(f)
	s.workspace.mu.Unlock()
	found, err := now.Check(own, func(path string) bool { return slices.Contains(open, path) })
	if cause := context.Cause(own); cause != nil && ctx.Err() == nil {
		err = cause
	}
	if err == nil {
		f.mu.Lock()
		f.done = time.Now()
		f.mu.Unlock()
	}
	return found, err
}

// tellAll tells the findings in all files in which there are any, or were.
func (s *server) tellAll(ctx context.Context, f *folder, found []diagnostic.Diagnostic) {
	paths := make(map[string]bool)
	for _, d := range found {
		paths[d.File] = true
	}
	f.tellMu.Lock()
	for p := range f.told {
		paths[p] = true
	}
	f.tellMu.Unlock()
	sorted := make([]string, 0, len(paths))
	for p := range paths {
		sorted = append(sorted, p)
	}
	slices.Sort(sorted)
	for _, p := range sorted {
		s.tell(ctx, f, p, false)
	}
}

// tell tells the newest findings in one file, if they are others than the editor has
// or if it waits for them.
func (s *server) tell(ctx context.Context, f *folder, path string, always bool) {
	f.tellMu.Lock()
	defer f.tellMu.Unlock()
	if ctx.Err() != nil {
		return
	}
	u := f.uriOf(path)
	// The version is asked for first: at worst the findings are of a newer text, and
	// are told again.
	version := s.workspace.version(u)
	now := f.Current()
	telling := newTelling(now, path, f.findings(now, path))
	if !always && telling.equal(f.told[path]) {
		return
	}
	if len(telling.found) == 0 {
		delete(f.told, path)
	} else {
		f.told[path] = telling
	}
	p := &protocol.PublishDiagnosticsParams{URI: u, Diagnostics: s.diagnostics(f, now, telling.found)}
	if version != nil {
		p.Version = protocol.NewOptional(*version)
	}
	if err := s.client.PublishDiagnostics(ctx, p); err != nil && ctx.Err() == nil {
		s.options.Log.Warn("findings could not be told", "file", path, "error", err)
	}
}

// findings returns what is known about one file of a state of a repository.
func (f *folder) findings(now *session.Snapshot, path string) []diagnostic.Diagnostic {
	if f.stored {
		return nil
	}
	settled := f.Settled()
	if settled == now && now.Checked() {
		found, _ := now.Check(context.Background(), nil) // it has been checked; lookAtAll tells the error
		return only(found, path)
	}
	out, _ := now.CheckFile(path)
	if !settled.Checked() {
		return out
	}
	found, _ := settled.Check(context.Background(), nil)
	before, err := settled.Repo.Text(path)
	if err != nil {
		return out
	}
	after, _ := now.Repo.Text(path)
	own := sync.OnceValue(func() []diagnostic.Diagnostic {
		out, _ := settled.CheckFile(path)
		return out
	})
	for _, d := range only(found, path) {
		rule := rules.ByName(d.Rule)
		if rule == nil || !rule.OfRepository() && now.File(path) != nil {
			continue
		}
		// Some rules look at files by themselves too; what they find then is in out as it is now.
		if rule.OfFile() && slices.ContainsFunc(own(), func(o diagnostic.Diagnostic) bool {
			return o.Rule == d.Rule && o.Span == d.Span && o.Message == d.Message
		}) {
			continue
		}
		if span, ok := moved(before, after, d.Span); ok {
			d.Span = span
			d.Fix = nil // its edits are for another text
			out = append(out, d)
		}
	}
	diagnostic.Sort(out)
	return out
}

// moved returns where a span of a text is after the text has changed in one place; ok
// is false if it changed itself.
func moved(before, after string, s parser.Span) (parser.Span, bool) {
	if before == after {
		return s, true
	}
	most := min(len(before), len(after))
	prefix := 0
	for prefix < most && before[prefix] == after[prefix] {
		prefix++
	}
	suffix := 0
	for suffix < most-prefix && before[len(before)-1-suffix] == after[len(after)-1-suffix] {
		suffix++
	}
	switch {
	case int(s.End) <= prefix:
		return s, true
	case int(s.Start) >= len(before)-suffix:
		by := uint32(len(after) - len(before)) // may wrap around, and back
		return parser.Span{Start: s.Start + by, End: s.End + by}, true
	}
	return s, false
}

// only returns those of findings in canonical order that are in one file.
func only(found []diagnostic.Diagnostic, path string) []diagnostic.Diagnostic {
	compare := func(d diagnostic.Diagnostic, path string) int { return strings.Compare(d.File, path) }
	from, _ := slices.BinarySearchFunc(found, path, compare)
	to := from
	for to < len(found) && found[to].File == path {
		to++
	}
	return found[from:to]
}

// diagnostics returns findings as the editor wants them.
func (s *server) diagnostics(f *folder, now *session.Snapshot, found []diagnostic.Diagnostic) []protocol.Diagnostic {
	out := make([]protocol.Diagnostic, len(found))
	for i, d := range found {
		out[i] = s.diagnostic(f, now, d)
	}
	return out
}

func (s *server) diagnostic(f *folder, now *session.Snapshot, d diagnostic.Diagnostic) protocol.Diagnostic {
	message := d.Message
	if d.Help != "" {
		message += "\n" + d.Help
	}
	out := protocol.Diagnostic{
		Range:    s.mapper.toRange(now.Lines(d.File), d.Span),
		Severity: severity(d.Severity),
		Code:     protocol.String(d.Rule),
		Source:   protocol.NewOptional("nixlint"),
		Message:  protocol.String(message),
	}
	if rule := rules.ByName(d.Rule); rule != nil {
		out.CodeDescription.Href = uri.URI(rule.URL())
	}
	var tags []protocol.DiagnosticTag
	if d.Tags&diagnostic.Unnecessary != 0 {
		tags = append(tags, protocol.DiagnosticTagUnnecessary)
	}
	if d.Tags&diagnostic.Deprecated != 0 {
		tags = append(tags, protocol.DiagnosticTagDeprecated)
	}
	out.Tags.Set(tags)
	if s.editor.related {
		for _, r := range d.Related {
			if strings.HasPrefix(r.File, "<") {
				continue // in an input of the flake
			}
			out.RelatedInformation = append(out.RelatedInformation, protocol.DiagnosticRelatedInformation{
				Location: protocol.Location{URI: f.uriOf(r.File), Range: s.mapper.toRange(now.Lines(r.File), r.Span)},
				Message:  r.Message,
			})
		}
	}
	return out
}

func severity(s diagnostic.Severity) protocol.DiagnosticSeverity {
	switch s {
	case diagnostic.Error:
		return protocol.DiagnosticSeverityError
	case diagnostic.Warning:
		return protocol.DiagnosticSeverityWarning
	default:
		return protocol.DiagnosticSeverityInformation
	}
}

// warnOnce shows the editor's user an error of the settings, unless it is the one
// shown last.
func (s *server) warnOnce(ctx context.Context, f *folder, err error) {
	f.tellMu.Lock()
	known := f.warned == err.Error()
	f.warned = err.Error()
	f.tellMu.Unlock()
	if !known {
		_ = s.client.ShowMessage(ctx, &protocol.ShowMessageParams{Type: protocol.MessageTypeError, Message: "nixlint: " + err.Error()})
	}
}
