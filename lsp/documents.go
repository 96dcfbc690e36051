package lsp

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// DidOpen takes a file that the editor opens. From now on its text is the editor's.
func (s *server) DidOpen(_ context.Context, p *protocol.DidOpenTextDocumentParams) error {
	u := p.TextDocument.URI
	w := &s.workspace
	w.mu.Lock()
	defer w.mu.Unlock()
	d := &document{version: p.TextDocument.Version, text: p.TextDocument.Text}
	name, err := fileName(u)
	switch {
	case err == nil:
		if d.folder, err = w.folderOf(name); err != nil {
			return err
		}
		if d.path, err = repo.Relative(d.folder.Root, name); err != nil {
			return err
		}
	case strings.HasPrefix(string(u), unsavedScheme) && p.TextDocument.LanguageID == languageNix:
		if d.folder, err = w.unsavedFolder(u); err != nil {
			return err
		}
		d.path = unsavedFile
	default:
		return nil // nobody's configuration
	}
	w.documents[u] = d
	return w.edited(d)
}

// What the editor has open before it is saved the first time: its URIs, and the name that the
// text has in its folder.
const (
	unsavedScheme = "untitled:"
	unsavedFile   = "unsaved.nix"
	languageNix   = "nix"
)

// unsavedFolder makes a folder for what no file holds. Its name is one that no file can have.
// The caller holds mu.
func (w *workspace) unsavedFolder(u uri.URI) (*folder, error) {
	root := string(filepath.Separator) + "\x00" + url.PathEscape(string(u))
	if f := w.folders[root]; f != nil {
		return f, nil
	}
	options := w.settings.forSession(w.server.options.jobs)
	options.Unsaved, options.Inputs = true, nil
	f := &folder{unsaved: u}
	return f, w.openFolder(f, root, options)
}

// DidChange takes the changes of an open file, each of which is relative to what the
// one before has made.
func (s *server) DidChange(_ context.Context, p *protocol.DidChangeTextDocumentParams) error {
	w := &s.workspace
	w.mu.Lock()
	defer w.mu.Unlock()
	d := w.documents[p.TextDocument.URI]
	if d == nil {
		if _, err := fileName(p.TextDocument.URI); err != nil {
			return nil
		}
		return fmt.Errorf("%s has changed without being open", p.TextDocument.URI)
	}
	for _, change := range p.ContentChanges {
		switch c := change.(type) {
		case *protocol.TextDocumentContentChangeWholeDocument:
			d.text = c.Text
		case *protocol.TextDocumentContentChangePartial:
			span := s.mapper.toSpan(parser.NewLines(d.text), c.Range)
			d.text = d.text[:span.Start] + c.Text + d.text[span.End:]
		}
	}
	d.version = p.TextDocument.Version
	return w.edited(d)
}

// edited hands the text of a document on. The caller holds mu.
func (w *workspace) edited(d *document) error {
	if err := d.folder.Edit(d.path, d.text); err != nil {
		return err
	}
	d.folder.touch(d.path)
	return nil
}

// DidSave does nothing: the text is known already, and what is on the disk beside
// it is told by DidChangeWatchedFiles.
func (s *server) DidSave(context.Context, *protocol.DidSaveTextDocumentParams) error { return nil }

// DidClose ends that a file is open: what is on the disk holds again, and a repository of
// which nothing is open any more is given up.
func (s *server) DidClose(ctx context.Context, p *protocol.DidCloseTextDocumentParams) error {
	s.tokens.forget(p.TextDocument.URI)
	f, err := s.workspace.close(p.TextDocument.URI)
	if f != nil {
		s.giveUp(ctx, f)
	}
	return err
}

// close forgets a document. unused is its repository if nothing else belongs to that.
func (w *workspace) close(u uri.URI) (unused *folder, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	d := w.documents[u]
	if d == nil {
		return nil, nil
	}
	delete(w.documents, u)
	if f := d.folder; !w.isUsed(f) {
		delete(w.folders, f.Root)
		return f, nil
	}
	err = d.folder.Close(d.path)
	d.folder.touch(d.path)
	return nil, err
}

// DidChangeWatchedFiles takes that files have changed on the disk.
func (s *server) DidChangeWatchedFiles(_ context.Context, p *protocol.DidChangeWatchedFilesParams) error {
	w := &s.workspace
	for _, f := range w.all() {
		changed := false
		for _, c := range p.Changes {
			if name, err := fileName(c.URI); err == nil {
				_, err := repo.Relative(f.Root, name)
				changed = changed || err == nil
			}
		}
		if changed {
			if err := w.reload(f); err != nil {
				return err
			}
		}
	}
	return nil
}
