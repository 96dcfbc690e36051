package lsp

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/session"
	"github.com/nixlint/nixlint/parser"
)

// workspace is what the editor has open: documents, and the repositories that they
// and the editor's folders belong to.
type workspace struct {
	server *server

	mu        sync.Mutex // guards the rest
	documents map[uri.URI]*document
	folders   map[string]*folder // by root
	open      []uri.URI          // the editor's folders
	initial   settings           // those of the start
	settings  settings
}

// document is a file that is open in the editor.
type document struct {
	folder  *folder
	path    string // relative to the folder's root
	version int32
	text    string
}

// folder is a repository and what the editor was told about it.
type folder struct {
	*session.Folder
	teller
	inputs inputsCache
	// stored is set for a folder of Nix's store that the editor has a file of open: nothing
	// but that is looked at, and nothing found in it, since nobody can change it.
	stored bool
	// unsaved is what the editor has open that no file holds yet, and that is all of the
	// folder: nothing lies around it, and nothing is to be written for it.
	unsaved uri.URI
	ctx     context.Context // done when the folder is given up
	cancel  context.CancelFunc
}

func (w *workspace) init(s *server) {
	w.server = s
	w.documents = make(map[uri.URI]*document)
	w.folders = make(map[string]*folder)
}

// isRepository reports whether a folder is looked at as a whole.
func (f *folder) isRepository() bool { return !f.stored && f.unsaved == "" }

// errNoFile is the error for what editors show and no file holds: a revision that git has, a
// cell of a notebook. Nothing is known of these, which is nothing to complain of: requests
// about them are answered with nothing.
var errNoFile = errors.New("it is no file")

// fileName returns the path that a URI stands for.
func fileName(u uri.URI) (string, error) {
	if !strings.Contains(string(u), ":") {
		return "", jsonrpc2.Errorf(jsonrpc2.InvalidParams, "`%s` is no URI", u)
	}
	if !u.IsFile() {
		return "", errNoFile
	}
	return filepath.Clean(u.FsPath()), nil
}

// isStored reports whether a file is in Nix's store, where definitions of packages lead to, and
// in none of the editor's folders. The caller holds mu.
func (w *workspace) isStored(name string) bool {
	if !strings.HasPrefix(name, w.server.options.store+string(filepath.Separator)) {
		return false
	}
	for _, u := range w.open {
		if open, err := fileName(u); err == nil && (name == open || strings.HasPrefix(name, open+string(filepath.Separator))) {
			return false
		}
	}
	return true
}

// folderOf returns the repository around a file or folder and opens it if need be.
// The caller holds mu.
func (w *workspace) folderOf(name string) (*folder, error) {
	alone := w.isStored(name)
	root := filepath.Dir(name)
	if !alone {
		var err error
		if root, err = repo.FindRoot(existing(name)); err != nil {
			return nil, err
		}
	}
	if f := w.folders[root]; f != nil {
		return f, nil
	}
	options := w.settings.forSession(w.server.options.jobs)
	options.Alone = alone
	f := &folder{stored: alone}
	if err := w.openFolder(f, root, options); err != nil || !f.isRepository() {
		return f, err
	}
	w.server.background("showing work", func(context.Context) { w.server.showIndexing(f.ctx, f) })
	if !w.server.editor.watches {
		w.server.background("watching files", func(context.Context) { w.server.watchFolder(f.ctx, f) })
	}
	return f, nil
}

// openFolder opens a folder, and has told what is found in it. The caller holds mu.
func (w *workspace) openFolder(f *folder, root string, options session.Options) (err error) {
	if f.Folder, err = session.Open(root, nil, options); err != nil {
		return err
	}
	f.ctx, f.cancel = context.WithCancel(w.server.ctx)
	f.teller.init()
	w.folders[root] = f
	w.server.startTelling(f)
	return nil
}

// all returns the repositories that are open, those of the editor's folders among them, in
// the order of their roots.
func (w *workspace) all() []*folder {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, u := range w.open {
		if name, err := fileName(u); err == nil {
			_, _ = w.folderOf(name) // openFolders tells the error
		}
	}
	out := slices.Collect(maps.Values(w.folders))
	slices.SortFunc(out, func(a, b *folder) int { return strings.Compare(a.Root, b.Root) })
	return out
}

// existing returns the nearest folder that exists, of a file that need not.
func existing(name string) string {
	for {
		if _, err := filepath.EvalSymlinks(name); err == nil || name == filepath.Dir(name) {
			return name
		}
		name = filepath.Dir(name)
	}
}

// pinKey is the key of a request's pins.
type pinKey struct{}

// pins are the states of all repositories at the moment a request came in.
type pins map[*folder]*session.Snapshot

// pin makes a request see the repositories as they are now.
func (w *workspace) pin(ctx context.Context) context.Context {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := make(pins, len(w.folders))
	for _, f := range w.folders {
		p[f] = f.Current()
	}
	return context.WithValue(ctx, pinKey{}, p)
}

// query is a request about one file.
type query struct {
	*session.Snapshot
	server *server
	folder *folder
	path   string // relative to the root
}

// query finds the file that a request is about. The error is for the editor.
func (s *server) query(ctx context.Context, u uri.URI) (*query, error) {
	w := &s.workspace
	w.mu.Lock()
	defer w.mu.Unlock()
	q := &query{server: s}
	if d := w.documents[u]; d != nil {
		q.folder, q.path = d.folder, d.path
	} else {
		name, err := fileName(u)
		if err != nil {
			return nil, err
		}
		if q.folder, err = w.folderOf(name); err != nil {
			return nil, err
		}
		if q.path, err = repo.Relative(q.folder.Root, name); err != nil {
			return nil, err
		}
	}
	p, _ := ctx.Value(pinKey{}).(pins)
	if q.Snapshot = p[q.folder]; q.Snapshot == nil {
		q.Snapshot = q.folder.Current()
	}
	if strings.HasSuffix(q.path, ".nix") && q.File(q.path) == nil {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "there is no file %s in %s", q.path, q.folder.Root)
	}
	return q, nil
}

// queryNix is query for a file that must be Nix.
func (s *server) queryNix(ctx context.Context, u uri.URI) (*query, error) {
	q, err := s.query(ctx, u)
	if err == nil && q.File(q.path) == nil {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%s is no Nix file", q.path)
	}
	return q, err
}

// at returns a request's file with the offset of a position in it.
func (s *server) at(ctx context.Context, p protocol.TextDocumentPositionParams) (*query, uint32, error) {
	q, err := s.queryNix(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, 0, err
	}
	return q, s.mapper.offset(q.Lines(q.path), p.Position), nil
}

// tree returns the syntax tree of the request's file.
func (q *query) tree() *parser.Tree { return q.File(q.path).Tree }

// text returns the text of the request's file.
func (q *query) text() string { return q.File(q.path).Text }

// span returns a range in the request's file.
func (q *query) toRange(s parser.Span) protocol.Range {
	return q.server.mapper.toRange(q.Lines(q.path), s)
}

// uriOf returns the URI of a file of the repository.
func (f *folder) uriOf(path string) uri.URI {
	if f.unsaved != "" {
		return f.unsaved
	}
	return uri.File(filepath.Join(f.Root, filepath.FromSlash(path)))
}

// location returns a place in any file of a state of the repository.
func (q *query) location(s *session.Snapshot, path string, span parser.Span) protocol.Location {
	return protocol.Location{URI: q.folder.uriOf(path), Range: q.server.mapper.toRange(s.Lines(path), span)}
}

// version returns the version of a file that is open in the editor; nil for others.
func (w *workspace) version(u uri.URI) *int32 {
	w.mu.Lock()
	defer w.mu.Unlock()
	if d := w.documents[u]; d != nil {
		v := d.version
		return &v
	}
	return nil
}

// errStale is the answer to a request that rests on a text the editor no longer has.
func errStale(path string) error {
	return fmt.Errorf("%w: %s has changed meanwhile", protocol.ErrContentModified, path)
}
