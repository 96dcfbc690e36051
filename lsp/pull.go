package lsp

import (
	"context"
	"errors"
	"hash/fnv"
	"slices"
	"strconv"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// Diagnostic answers an editor that asks for findings instead of being told.
func (s *server) Diagnostic(ctx context.Context, p *protocol.DocumentDiagnosticParams) (protocol.DocumentDiagnosticReport, error) {
	q, err := s.query(ctx, p.TextDocument.URI)
	if errors.Is(err, errNoFile) {
		return fullReport(nil), nil
	}
	if err != nil {
		return nil, err
	}
	if !s.editor.refreshes && q.folder.isRepository() {
		// It would not ask again when the whole repository has been looked at, as Neovim 0.11.
		_, _ = q.Snapshot.Check(ctx, nil) // lookAtAll tells the error
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		q.folder.Settle(q.Snapshot)
	}
	items := s.diagnostics(q.folder, q.Snapshot, q.folder.findings(q.Snapshot, q.path))
	id := resultOf(items)
	if p.PreviousResultID != nil && *p.PreviousResultID == id {
		same := &protocol.RelatedUnchangedDocumentDiagnosticReport{}
		same.Kind, same.ResultID = string(protocol.DocumentDiagnosticReportKindUnchanged), id
		return same, nil
	}
	return fullReport(items), nil
}

// fullReport is what is found in a file, told in full.
func fullReport(items []protocol.Diagnostic) *protocol.RelatedFullDocumentDiagnosticReport {
	id := resultOf(items)
	report := &protocol.RelatedFullDocumentDiagnosticReport{}
	report.Kind = string(protocol.DocumentDiagnosticReportKindFull)
	report.Items, report.ResultID = slices.Concat([]protocol.Diagnostic{}, items), &id
	return report
}

// DiagnosticWorkspace answers an editor that asks for the findings in all files: those in
// which something was found, or was when the editor asked last.
func (s *server) DiagnosticWorkspace(ctx context.Context, p *protocol.WorkspaceDiagnosticParams) (*protocol.WorkspaceDiagnosticReport, error) {
	had := make(map[uri.URI]string)
	for _, before := range p.PreviousResultIds {
		had[before.URI] = before.Value
	}
	out := &protocol.WorkspaceDiagnosticReport{Items: []protocol.WorkspaceDocumentDiagnosticReport{}}
	for _, f := range s.workspace.all() {
		if !f.isRepository() {
			continue
		}
		now := f.Current()
		found, err := now.Check(ctx, nil)
		if err != nil {
			return nil, err
		}
		f.Settle(now)
		files := make(map[string]bool)
		for _, d := range found {
			files[d.File] = true
		}
		for _, file := range now.Repo.Files {
			files[file.Path] = files[file.Path] || had[f.uriOf(file.Path)] != ""
		}
		var names []string
		for name, wanted := range files {
			if wanted {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		for _, name := range names {
			u := f.uriOf(name)
			out.Items = append(out.Items, s.reportOf(u, s.diagnostics(f, now, f.findings(now, name)), had[u]))
		}
	}
	return out, ctx.Err()
}

// reportOf is what is found in one file, or that it is what the editor has.
func (s *server) reportOf(u uri.URI, items []protocol.Diagnostic, had string) protocol.WorkspaceDocumentDiagnosticReport {
	version := s.workspace.version(u)
	id := resultOf(items)
	if id == had {
		same := &protocol.WorkspaceUnchangedDocumentDiagnosticReport{URI: u, Version: version}
		same.Kind, same.ResultID = string(protocol.DocumentDiagnosticReportKindUnchanged), id
		return same
	}
	report := &protocol.WorkspaceFullDocumentDiagnosticReport{URI: u, Version: version}
	report.Kind = string(protocol.DocumentDiagnosticReportKindFull)
	report.Items, report.ResultID = items, &id
	return report
}

// resultOf names findings by what they are.
func resultOf(items []protocol.Diagnostic) string {
	data, err := protocol.Marshal(items)
	if err != nil {
		return ""
	}
	h := fnv.New64a()
	h.Write(data)
	return strconv.FormatUint(h.Sum64(), 16)
}
