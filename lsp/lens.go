package lsp

import (
	"context"
	"fmt"
	"path"
	"slices"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/session"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// CodeLens tells above a module how many hosts and homes it is part of, above an option in
// how many places it is set, and offers to make a host, user or module where those are
// listed.
func (s *server) CodeLens(ctx context.Context, p *protocol.CodeLensParams) ([]protocol.CodeLens, error) {
	q, err := s.queryNix(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	out := []protocol.CodeLens{}
	q.evaluated(func(evaluated *session.Snapshot, m *repo.Model) {
		v := symbol.ViewOf(m, q.path)
		// The places are those of the state that was evaluated; they are moved along with
		// what has been typed since.
		before, _ := evaluated.Repo.Text(q.path)
		add := func(at parser.Span, title, command string, arguments ...any) {
			span, ok := moved(before, q.text(), at)
			if !ok {
				return
			}
			lens := protocol.CodeLens{Range: q.toRange(span), Command: protocol.Command{Title: title, Command: command}}
			for _, a := range arguments {
				data, _ := protocol.Marshal(a)
				lens.Command.Arguments = append(lens.Command.Arguments, data)
			}
			out = append(out, lens)
		}
		show := func(at parser.Span, title string, places []symbol.Place) {
			span, ok := moved(before, q.text(), at)
			if !ok {
				return
			}
			list := []protocol.Location{}
			for _, p := range places {
				list = append(list, q.location(evaluated, p.File, p.Span))
			}
			add(at, title, commandShowReferences, q.folder.uriOf(q.path), q.toRange(span).Start, list)
		}
		q.lenses(v, add, show)
	})
	slices.SortStableFunc(out, func(a, b protocol.CodeLens) int { return int(a.Range.Start.Line) - int(b.Range.Start.Line) })
	return out, ctx.Err()
}

// commandShowReferences is run by the editor: it lists places. VS Code has it, with values of
// its own for the arguments; its name is what others know it by. The arguments are the URI,
// the position and the places.
const commandShowReferences = "editor.action.showReferences"

// lenses calls add with each of them, or show if it leads to places.
func (q *query) lenses(v symbol.View, add func(at parser.Span, title, command string, arguments ...any), show func(at parser.Span, title string, places []symbol.Place)) {
	if hosts, homes := v.Importing(q.path); hosts+homes > 0 {
		var places []symbol.Place
		for _, e := range v.Importers(q.path) {
			for _, span := range e.At {
				places = append(places, symbol.Place{File: e.From, Span: span})
			}
		}
		show(parser.Span{}, importedBy(hosts, homes), places)
	}
	for _, o := range v.DeclaredIn(q.path) {
		show(o.At, plural(len(o.Set), "set in %d place", "set in %d places"), o.Set)
	}
	here := struct {
		URI string `json:"uri"`
	}{string(q.folder.uriOf(q.path))}
	var hosts parser.Span
	for _, h := range v.Model.Hosts {
		if at := v.Place(h.At); at.File == q.path && (hosts.End == 0 || at.Span.Start < hosts.Start) {
			hosts = at.Span
		}
	}
	if hosts.End != 0 {
		add(hosts, "new host …", commandNewHost, here)
	}
	for _, r := range v.Registries() {
		for _, e := range r.Entries {
			if at := v.Place(e.At); at.File == q.path {
				kind := "nixos"
				if slices.Contains(e.Key, "home") {
					kind = "home"
				}
				add(at.Span, "new module …", commandNewModule, struct {
					URI  string `json:"uri"`
					Kind string `json:"kind"`
				}{here.URI, kind})
				break
			}
		}
	}
	if path.Base(path.Dir(q.path)) == "users" && path.Base(q.path) == "default.nix" {
		add(parser.Span{}, "new user …", commandNewUser, here)
	}
}

func importedBy(hosts, homes int) string {
	a, b := plural(hosts, "%d host", "%d hosts"), plural(homes, "%d home", "%d homes")
	switch {
	case homes == 0:
		return "part of " + a
	case hosts == 0:
		return "part of " + b
	}
	return "part of " + a + " and " + b
}

func plural(n int, one, many string) string {
	if n == 1 {
		return fmt.Sprintf(one, n)
	}
	return fmt.Sprintf(many, n)
}
