package lsp

import (
	"context"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/session"
	"github.com/nixlint/nixlint/analysis/symbol"
)

// SignatureHelp tells how the function is called whose argument is being written.
func (s *server) SignatureHelp(ctx context.Context, p *protocol.SignatureHelpParams) (*protocol.SignatureHelp, error) {
	q, at, err := s.at(ctx, p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	call, ok := symbol.CallAt(q.tree(), at)
	if !ok {
		return nil, nil
	}
	var out *protocol.SignatureHelp
	q.evaluated(func(_ *session.Snapshot, m *repo.Model) {
		sig, skipped := symbol.ViewOf(m, q.path).Signature(q.File(q.path), q.Names(q.path), call)
		if sig != nil && call.Arg-skipped < len(sig.Params) {
			out = q.signatureHelp(sig, call, call.Arg-skipped)
		}
	})
	return out, ctx.Err()
}

// signatureHelp writes a signature out: each formal of a pattern is a parameter of the
// protocol.
func (q *query) signatureHelp(sig *symbol.Signature, call symbol.Call, arg int) *protocol.SignatureHelp {
	var label strings.Builder
	label.WriteString(sig.Name)
	info := protocol.SignatureInformation{}
	active := 0
	parameter := func(text string) {
		start := q.server.mapper.length(label.String())
		label.WriteString(text)
		info.Parameters = append(info.Parameters, protocol.ParameterInformation{
			Label: protocol.ParameterInformationLabelTuple{start, q.server.mapper.length(label.String())},
		})
	}
	for i, p := range sig.Params {
		label.WriteString(" ")
		if i == arg {
			active = len(info.Parameters)
		}
		if !p.IsPattern() {
			parameter(p.Name)
			continue
		}
		label.WriteString("{ ")
		for j, f := range p.Formals {
			if j > 0 {
				label.WriteString(", ")
			}
			if i == arg && f.Name == currentFormal(p, call) {
				active = len(info.Parameters)
			}
			text := f.Name
			if f.Default != "" {
				text += " ? " + oneLine(f.Default)
			}
			parameter(text)
		}
		if p.Ellipsis {
			if len(p.Formals) > 0 {
				label.WriteString(", ")
			}
			label.WriteString("...")
		}
		label.WriteString(" }")
	}
	if sig.Type != "" {
		label.WriteString(" :: " + sig.Type)
	}
	info.Label = label.String()
	if sig.Text != "" {
		info.Documentation = q.server.markup(sig.Text)
	}
	info.ActiveParameter = protocol.NewNullable(uint32(active))
	return &protocol.SignatureHelp{
		Signatures: []protocol.SignatureInformation{info}, ActiveSignature: ptr(uint32(0)),
		ActiveParameter: protocol.NewNullable(uint32(active)),
	}
}

// currentFormal returns the formal whose value is being written, or the first that has
// none yet.
func currentFormal(p symbol.Param, call symbol.Call) string {
	if call.Attr != "" && slices.ContainsFunc(p.Formals, func(f symbol.Formal) bool { return f.Name == call.Attr }) {
		return call.Attr
	}
	given := symbol.Given(call.Set)
	for _, f := range p.Formals {
		if !slices.Contains(given, f.Name) {
			return f.Name
		}
	}
	return ""
}
