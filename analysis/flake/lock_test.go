package flake_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/flake"
)

const lock = `{
  "nodes": {
    "a": { "inputs": { "deep": "deep", "nixpkgs": ["nixpkgs"] }, "locked": { "type": "github", "owner": "o", "repo": "a", "narHash": "sha256-UnEKGSSCCOoU/ZgX8V1mW7JyCMRhitD44BWORtPq5w0=", "lastModified": 1771881364 }, "original": { "type": "indirect", "id": "a" } },
    "b": { "inputs": { "deep": ["a", "deep"], "self": [], "gone": ["a", "gone"], "round": ["b", "round"] }, "flake": false, "info": { "narHash": "sha256-x", "lastModified": 5 }, "locked": { "type": "path", "path": "./sub", "dir": "../flake" } },
    "deep": { "inputs": { "nixpkgs": ["a", "nixpkgs"] }, "locked": { "type": "path", "path": "../inner" }, "parent": ["b"] },
    "nixpkgs": { "locked": { "type": "path", "path": "/nowhere" } },
    "root": { "inputs": { "a": "a", "b": "b", "nixpkgs": "nixpkgs" } }
  },
  "root": "root",
  "version": 7
}`

func read(t *testing.T, text string) *flake.Lock {
	t.Helper()
	l, err := flake.ReadLock(text)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLock(t *testing.T) {
	l := read(t, lock)
	for way, want := range map[string]string{
		"a": "a", "b": "b", "a deep": "deep", "b deep": "deep", "b deep nixpkgs": "nixpkgs", "a nixpkgs": "nixpkgs", "": "root",
		"b self": "root", "b self a": "a", "b gone": "", "b round": "", "c": "", "a deep x": "",
	} {
		got := ""
		if n := l.Find(strings.Fields(way)...); n != nil {
			got = n.Key
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", way, got, want)
		}
	}
	a, b := l.Nodes["a"], l.Nodes["b"]
	if !a.IsFlake || a.LastModified != 1771881364 || a.Locked["repo"] != "a" || a.Original["id"] != "a" {
		t.Errorf("a is read as %+v", a)
	}
	if b.IsFlake || b.NarHash != "sha256-x" || b.LastModified != 5 || b.Subdir() != "flake" {
		t.Errorf("b is read as %+v", b)
	}
	if got := lock[a.At.Start:a.At.End]; got != `"a"` {
		t.Errorf("a stands at %s", got)
	}
	if in := a.Inputs["nixpkgs"]; lock[in.At.Start:in.At.End] != `"nixpkgs"` {
		t.Errorf("its input stands at %d", in.At.Start)
	}
}

// TestLockErrors reads the broken files of testdata/broken.txtar. Each is
// followed by the text it is refused at and the message.
func TestLockErrors(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/broken.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(ar.Files); i += 2 {
		text := strings.TrimSuffix(string(ar.Files[i].Data), "\n")
		at, message, _ := strings.Cut(strings.TrimSuffix(string(ar.Files[i+1].Data), "\n"), "|")
		_, err := flake.ReadLock(text)
		var syntax *flake.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%s: %v", ar.Files[i].Name, err)
			continue
		}
		if !strings.HasPrefix(text[syntax.Offset:], at) || (at == "") != (syntax.Offset == len(text)) || syntax.Message != message {
			t.Errorf("%s: got %q|%s", ar.Files[i].Name, text[syntax.Offset:], syntax.Message)
		}
	}
}

func FuzzReadLock(f *testing.F) {
	f.Add(lock)
	f.Fuzz(func(t *testing.T, text string) {
		l, err := flake.ReadLock(text)
		var syntax *flake.SyntaxError
		switch {
		case err == nil:
			for _, n := range l.Nodes {
				for name := range n.Inputs {
					l.Input(n, name)
				}
			}
		case !errors.As(err, &syntax) || syntax.Offset < 0 || syntax.Offset > len(text):
			t.Errorf("%#v", err)
		}
	})
}

// TestStoreName computes paths that Nix has printed for
// `nix-store --print-fixed-path --recursive sha256 HASH source`.
func TestStoreName(t *testing.T) {
	for hash, want := range map[string]string{
		"sha256-daqqFFNtN2lM63k1GxLbXsuXApMeAGfpHZgZF5VAnu0=": "lzzlmq6y4phwpk4fnq64vc43di5iksk9-source",
		"sha256-UnEKGSSCCOoU/ZgX8V1mW7JyCMRhitD44BWORtPq5w0=": "hhrwpyk9h2py3sblfccsa37jq855aqpy-source",
		"sha256-BX7tHKHUsSCoXmKrgVvQTL14lrUTKE6HxZIqnyBDd+M=": "sd2cszmvmyvf23h5srk95r05fn1812m0-source",
	} {
		got, err := flake.StoreName(hash)
		if err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", hash, got, err, want)
		}
	}
	for _, hash := range []string{"", "sha256-x", "sha512-UnEKGSSCCOoU/ZgX8V1mW7JyCMRhitD44BWORtPq5w0=", "sha256-UnEK"} {
		if got, err := flake.StoreName(hash); err == nil {
			t.Errorf("%s: %s", hash, got)
		}
	}
}

// TestStoreNameNix asks Nix itself, if it is installed, what a folder is called
// once it is copied into the store.
func TestStoreNameNix(t *testing.T) {
	if _, err := exec.LookPath("nix-store"); err != nil {
		t.Skip("there is no nix-store")
	}
	for i := range 20 {
		sum := sha256.Sum256([]byte{byte(i)})
		out, err := exec.Command("nix-store", "--print-fixed-path", "--recursive", "sha256", hex.EncodeToString(sum[:]), "source").Output()
		if err != nil {
			t.Skipf("nix-store does not run here: %v", err)
		}
		want := strings.TrimPrefix(strings.TrimSpace(string(out)), flake.StoreDir+"/")
		if got, err := flake.StoreName("sha256-" + base64.StdEncoding.EncodeToString(sum[:])); err != nil || got != want {
			t.Errorf("%x: got %s, %v, want %s", sum, got, err, want)
		}
	}
}

func TestSources(t *testing.T) {
	l := read(t, lock)
	root, store, elsewhere := t.TempDir(), t.TempDir(), t.TempDir()
	name, err := flake.StoreName(l.Nodes["a"].NarHash)
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{filepath.Join(store, name), filepath.Join(root, "sub", "inner"), filepath.Join(root, "flake")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s := flake.Sources{Root: root, Store: store}
	check := func(key, want string) {
		t.Helper()
		if got := s.Dir(l, l.Nodes[key]); got != filepath.ToSlash(want) {
			t.Errorf("%s: got %s, want %s", key, got, want)
		}
	}
	check("root", root)
	check("a", filepath.Join(store, name))
	check("b", filepath.Join(root, "sub"))
	check("deep", filepath.Join(root, "sub", "inner"))
	check("nixpkgs", "")
	s.Inputs = map[string]string{"a": elsewhere, "b/deep": elsewhere, "nixpkgs": filepath.Join(elsewhere, "none")}
	check("a", elsewhere)
	check("deep", elsewhere)
	check("nixpkgs", "")
	l.Nodes["b"].Locked["path"] = "../.."
	check("b", "")
	// Nodes that lie relative to each other lie nowhere.
	l.Nodes["b"].Locked["path"], l.Nodes["b"].Parent = "./x", []string{"a", "deep"}
	delete(s.Inputs, "b/deep")
	check("deep", "")
}
