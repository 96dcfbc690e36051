package lsp

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/flake"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// inputAt returns the input of the flake that is named at an offset; way is nil if there is
// none.
func (q *query) inputAt(at uint32) (in *symbol.Inputs, way []string, span parser.Span) {
	if in = q.folder.inputs.of(q.Repo); in != nil {
		way, span = in.At(q.File(q.path), q.Names(q.path), at)
	}
	if way != nil && !in.Known(way) {
		way = nil
	}
	return in, way, span
}

// inputsCache keeps the inputs of a flake as long as its files are the same.
type inputsCache struct {
	mu   sync.Mutex // guards the rest
	tree *parser.Tree
	lock string
	in   *symbol.Inputs
}

// of returns the inputs of a state of the repository; nil if it is no flake.
func (c *inputsCache) of(r *repo.Repo) *symbol.Inputs {
	f := r.File(flakeFile)
	if f == nil {
		return nil
	}
	lock, _ := r.Text("flake.lock") // without one, nothing is locked
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.in == nil || c.tree != f.Tree || c.lock != lock {
		c.tree, c.lock, c.in = f.Tree, lock, symbol.InputsOf(r)
	}
	return c.in
}

// hoverInput is Hover on an input of the flake.
func (q *query) hoverInput(at uint32) *protocol.Hover {
	in, way, span := q.inputAt(at)
	if way == nil {
		return nil
	}
	return q.server.hover(q.describeInput(in, way), q.toRange(span))
}

// describeInput tells what an input is: where it comes from, what is locked of it and
// where its source lies.
func (q *query) describeInput(in *symbol.Inputs, way []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nAn input of the flake.\n", code("inputs."+strings.Join(way, ".inputs.")))
	one := in.Find(way...)
	if one != nil && one.URLOf() != "" {
		fmt.Fprintf(&b, "\n- URL: `%s`", one.URLOf())
	}
	if one != nil && one.FollowsOf() != "" {
		fmt.Fprintf(&b, "\n- follows `%s`", one.FollowsOf())
	}
	if in.Lock == nil {
		return b.String()
	}
	n := in.Lock.Find(way...)
	if n == nil {
		fmt.Fprint(&b, "\n- not locked yet: the next `nix flake lock` does")
		return b.String()
	}
	if one == nil || one.URLOf() == "" {
		fmt.Fprintf(&b, "\n- URL: `%s`", n.Original)
	}
	if rev := n.Locked["rev"]; rev != "" {
		fmt.Fprintf(&b, "\n- locked revision: `%s`", rev)
	}
	if n.LastModified != 0 {
		fmt.Fprintf(&b, "\n- of %s", time.Unix(n.LastModified, 0).UTC().Format(time.DateOnly))
	}
	if n.NarHash == "" {
		return b.String()
	}
	fmt.Fprintf(&b, "\n- hash: `%s`", n.NarHash)
	sources := q.Repo.Sources()
	if dir := sources.Dir(in.Lock, n); dir != "" {
		fmt.Fprintf(&b, "\n- source: `%s`", dir)
	} else if name, err := flake.StoreName(n.NarHash); err == nil {
		fmt.Fprintf(&b, "\n- not on this machine; it would be `%s`", path.Join(flake.StoreDir, name))
	}
	return b.String()
}

// defineInput returns where an input is declared and locked, and its own flake.nix if it is
// a folder of this repository or at hand.
func (q *query) defineInput(at uint32) (protocol.LocationSlice, bool) {
	in, way, _ := q.inputAt(at)
	if way == nil {
		return nil, false
	}
	out := protocol.LocationSlice{}
	for _, p := range in.Declared(way) {
		out = append(out, q.location(q.Snapshot, p.File, p.Span))
	}
	if one := in.Find(way...); one != nil {
		if folder, ok := one.Folder(); ok && q.File(path.Join(folder, "flake.nix")) != nil {
			return append(out, q.location(q.Snapshot, path.Join(folder, "flake.nix"), parser.Span{})), true
		}
	}
	if in.Lock == nil {
		return out, true
	}
	n := in.Lock.Find(way...)
	if n == nil {
		return out, true
	}
	sources := q.Repo.Sources()
	if dir := sources.Dir(in.Lock, n); dir != "" {
		file := filepath.Join(filepath.FromSlash(dir), n.Subdir(), "flake.nix")
		if _, err := os.Stat(file); err == nil {
			out = append(out, protocol.Location{URI: uriOfFile(file)})
		}
	}
	return out, true
}

// inputReferences returns where an input is named.
func (q *query) inputReferences(at uint32, declarations bool) (protocol.LocationSlice, bool) {
	in, way, _ := q.inputAt(at)
	if way == nil {
		return nil, false
	}
	out := protocol.LocationSlice{}
	if declarations {
		for _, p := range in.Declared(way) {
			out = append(out, q.location(q.Snapshot, p.File, p.Span))
		}
	}
	for _, p := range in.Uses(q.Repo, q.Names, way) {
		out = append(out, q.location(q.Snapshot, p.File, p.Span))
	}
	return out, true
}
