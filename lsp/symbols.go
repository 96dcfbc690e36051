package lsp

import (
	"context"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/session"
	"github.com/nixlint/nixlint/analysis/symbol"
)

// maxSymbols bounds how many symbols are told at once: editors ask again with more letters.
const maxSymbols = 500

// Symbols finds hosts, users, modules, options and functions of the repository's library by
// letters of their names, in all repositories that are open.
func (s *server) Symbols(ctx context.Context, p *protocol.WorkspaceSymbolParams) (protocol.WorkspaceSymbolResult, error) {
	out := protocol.SymbolInformationSlice{}
	for _, f := range s.workspace.all() {
		q := &query{server: s, folder: f, Snapshot: f.Current()}
		q.evaluated(func(evaluated *session.Snapshot, m *repo.Model) {
			seen := make(map[symbol.Place]bool)
			add := func(name, container string, kind protocol.SymbolKind, at symbol.Place) {
				if at.File == "" || seen[at] || len(out) == maxSymbols || !matches(name, p.Query) {
					return
				}
				seen[at] = true
				info := protocol.SymbolInformation{Location: q.location(evaluated, at.File, at.Span)}
				info.Name, info.Kind, info.ContainerName = name, kind, &container
				out = append(out, info)
			}
			collectSymbols(m, add)
			for _, fn := range (symbol.View{Model: m}).LibFunctions() {
				add(fn.Name, fn.At.File, protocol.SymbolKindFunction, fn.At)
			}
		})
	}
	return out, ctx.Err()
}

// matches reports whether the letters of a query are in a name, in this order.
func matches(name, query string) bool {
	name = strings.ToLower(name)
	for _, r := range strings.ToLower(query) {
		i := strings.IndexRune(name, r)
		if i < 0 {
			return false
		}
		name = name[i+len(string(r)):]
	}
	return true
}

// collectSymbols names what a repository has.
func collectSymbols(m *repo.Model, add func(name, container string, kind protocol.SymbolKind, at symbol.Place)) {
	v := symbol.View{Model: m}
	for _, h := range slices.Concat(m.Hosts, m.Others) {
		add(h.Name, "hosts", protocol.SymbolKindObject, v.Place(h.At))
		for _, e := range h.Evaluations() {
			if e.User != "" {
				add(e.User, h.Name, protocol.SymbolKindClass, v.Place(e.At))
			}
		}
	}
	for _, e := range m.Evaluations() {
		for _, r := range m.Registries(e) {
			for _, entry := range r.Entries {
				add(entry.Path(), entry.Target, protocol.SymbolKindModule, v.Place(entry.At))
			}
		}
		for _, o := range e.Config.Declared() {
			for _, d := range o.Declarations {
				at := v.Place(d.At)
				add(module.ShowOption(o.Path), at.File, protocol.SymbolKindProperty, at)
			}
		}
	}
}
