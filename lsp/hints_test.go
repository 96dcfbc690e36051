package lsp

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"golang.org/x/tools/txtar"
)

// TestHintSwitches lays the files of a case over the example, switches one kind of hints off,
// and checks that hints of this kind go and all others stay.
func TestHintSwitches(t *testing.T) {
	hints := func(t *testing.T, archive, file, off string) (out []string) {
		t.Helper()
		ar, err := txtar.ParseFile(filepath.Join("testdata", archive))
		must(t, err)
		root := example(t)
		for _, f := range ar.Files {
			name := filepath.Join(root, f.Name)
			must(t, os.MkdirAll(filepath.Dir(name), 0o700))
			must(t, os.WriteFile(name, f.Data, 0o600))
		}
		c := start(t, root)
		p := capabilities()
		if off != "" {
			p.InitializationOptions = protocol.LSPAny(`{"inlayHints": {"` + off + `": false}}`)
		}
		c.hello(p)
		c.openFile(file)
		(&markers{client: c}).settle()
		r, err := c.server.InlayHint(c.ctx, &protocol.InlayHintParams{
			TextDocument: protocol.TextDocumentIdentifier{URI: c.uri(file)}, Range: protocol.Range{End: protocol.Position{Line: 1000}},
		})
		must(t, err)
		for _, h := range r {
			out = append(out, strings.Clone(string(h.Label.(protocol.String))))
		}
		return out
	}
	for _, at := range []struct {
		archive, file string
		kinds         map[string]string // what a hint of a kind has in it
	}{
		{"hints.txtar", "hosts/toaster/windows11.nix", map[string]string{"sizes": "GiB", "values": "= ", "defaults": "by default", "ends": "long"}},
		{"devices.txtar", "hosts/toaster/windows11.nix", map[string]string{"devices": "GeForce", "busIds": "PCI:1:0:0"}},
		{"packages.txtar", "hosts/toaster/windows11.nix", map[string]string{"versions": "2.12.1"}},
	} {
		for kind, text := range at.kinds {
			t.Run(kind, func(t *testing.T) {
				t.Parallel()
				all, without := hints(t, at.archive, at.file, ""), hints(t, at.archive, at.file, kind)
				if !slices.ContainsFunc(all, func(s string) bool { return strings.Contains(s, text) }) {
					t.Errorf("no hint has %q: %q", text, all)
				}
				if slices.ContainsFunc(without, func(s string) bool {
					return strings.Contains(s, text) && (kind != "values" || !strings.Contains(s, "default"))
				}) {
					t.Errorf("switched off, and %q is still there: %q", text, without)
				}
				if len(without) == 0 && len(at.kinds) > 1 {
					t.Error("other kinds went too")
				}
			})
		}
	}
}
