package eval_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/nixlint/nixlint/analysis/eval"
)

// TestDisk reads two folders, and nothing beside them by whatever way.
func TestDisk(t *testing.T) {
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"repo/a/x.nix": "1", "repo/a/default.nix": "./x.nix", "repo/.git/config": "", "input/default.nix": "import ./y.nix", "input/y.nix": "2",
		"secret/default.nix": "3", "secret/x.nix": "4",
	} {
		name = filepath.Join(top, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{
		"repo/inside.nix": "a/x.nix", "repo/absolute.nix": filepath.Join(top, "repo/a/x.nix"), "repo/folder": "a",
		"repo/out.nix": "../secret/x.nix", "repo/out": filepath.Join(top, "secret"), "repo/across": filepath.Join(top, "input"),
		"repo/none.nix": "nothing.nix", "repo/circle": "circle", "repo/hop.nix": "out/x.nix",
	} {
		if err := os.Symlink(target, filepath.Join(top, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(top, "repo/leaky"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../../secret/default.nix", filepath.Join(top, "repo/leaky/default.nix")); err != nil {
		t.Fatal(err)
	}
	disk, err := eval.NewDisk(filepath.Join(top, "repo"), filepath.Join(top, "input"))
	if err != nil {
		t.Fatal(err)
	}
	repo := filepath.ToSlash(top) + "/repo/"
	for p, want := range map[string]string{
		"a/x.nix": "regular", "a": "directory", "inside.nix": "regular", "absolute.nix": "regular", "folder": "directory",
		"folder/x.nix": "regular", "out.nix": "symlink", "out": "symlink", "out/x.nix": "symlink", "hop.nix": "symlink",
		"across": "directory", "across/y.nix": "regular", "none.nix": "", "circle": "symlink", "b": "", "../secret": "symlink",
		"../input/y.nix": "regular",
	} {
		p = filepath.ToSlash(filepath.Join(repo, p))
		if got := disk.Kind(p); got != want {
			t.Errorf("Kind(%s) = %q, want %q", p, got, want)
		}
		if _, err := disk.ReadFile(p); (err == nil) != (want == "regular") {
			t.Errorf("ReadFile(%s): %v", p, err)
		}
		if _, err := disk.ReadDir(p); (err == nil) != (want == "directory") {
			t.Errorf("ReadDir(%s): %v", p, err)
		}
	}
	for p, want := range map[string]string{
		"./a": "/repo/a/x.nix", "./inside.nix": "1", "./across": "2", "./out": "unknown", "./out.nix": "unknown", "./out/x.nix": "unknown",
		"./leaky": "unknown", "./none.nix": "error", "../secret": "unknown",
	} {
		ev := eval.New(disk, eval.DefaultLimits)
		got := ""
		switch v := ev.Eval(repo+"flake.nix", "import "+p).(type) {
		case *eval.Unknown:
			got = "unknown"
		case *eval.Error:
			got = "error"
		case eval.Path:
			got = string(v)[len(filepath.ToSlash(top)):]
		default:
			got = ev.Print(v)
		}
		if got != want {
			t.Errorf("import %s: %s, want %s", p, got, want)
		}
	}
	for expr, want := range map[string]string{
		"pathExists ./none.nix": "true", "pathExists ./out": "true", "pathExists ./b": "false", `pathExists (toString ./a + "/")`: "true",
		"attrNames (readDir ./.) == [ \"a\" \"absolute.nix\" \"across\" \"circle\" \"folder\" \"hop.nix\" \"inside.nix\" \"leaky\" \"none.nix\" \"out\" \"out.nix\" ]": "true",
		"readFileType ./out": `"symlink"`,
	} {
		ev := eval.New(disk, eval.DefaultLimits)
		if got := ev.Print(ev.Eval(repo+"flake.nix", "with builtins; "+expr)); got != want {
			t.Errorf("%s: %s, want %s", expr, got, want)
		}
	}
	for _, expr := range []string{"readFile ./out.nix", "readDir ./out", "pathExists ./out/x.nix", `pathExists (toString ./out + "/")`} {
		ev := eval.New(disk, eval.DefaultLimits)
		if v, ok := ev.Eval(repo+"flake.nix", "with builtins; "+expr).(*eval.Unknown); !ok {
			t.Errorf("%s: %s", expr, ev.Print(v))
		}
	}
}
