package eval_test

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/parser"
)

// memory is a source of files held in memory, by absolute path.
type memory map[string]string

func (m memory) Allowed(p string) bool { return strings.HasPrefix(p, "/repo") }

func (m memory) Parse(p string) (*parser.Tree, error) {
	text, err := m.ReadFile(p)
	return parser.Parse(text), err
}

func (m memory) ReadFile(p string) (string, error) {
	text, ok := m[p]
	if !ok {
		return "", errors.New("no such file")
	}
	return text, nil
}

func (m memory) ReadDir(p string) (map[string]string, error) {
	out := make(map[string]string)
	for name := range m {
		if rest, ok := strings.CutPrefix(name, p+"/"); ok {
			if first, _, deeper := strings.Cut(rest, "/"); deeper {
				out[first] = "directory"
			} else {
				out[first] = "regular"
			}
		}
	}
	return out, nil
}

func (m memory) Kind(p string) string {
	if _, ok := m[p]; ok {
		return "regular"
	}
	for name := range m {
		if strings.HasPrefix(name, p+"/") {
			return "directory"
		}
	}
	return ""
}

// TestExpressions compares values with those Nix printed.
func TestExpressions(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/expressions.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(ar.Files); i += 2 {
		src, want := ar.Files[i], ar.Files[i+1]
		t.Run(strings.TrimSuffix(src.Name, ".nix"), func(t *testing.T) {
			for _, share := range []bool{false, true} {
				ev := eval.New(memory{}, eval.DefaultLimits)
				if share {
					ev.ShareCalls()
				}
				got := ev.Print(ev.Eval("/x.nix", string(src.Data)))
				if got != strings.TrimSuffix(string(want.Data), "\n") {
					t.Errorf("%s got %s\nwant %s; calls share: %v", src.Data, got, want.Data, share)
				}
			}
		})
	}
}

// TestUnknown checks how unknown values spread, and what stays known.
func TestUnknown(t *testing.T) {
	files := memory{"/repo/a.nix": "{ x = 1; }", "/repo/d/default.nix": "inputs: inputs.y", "/repo/t.txt": "text"}
	for _, c := range []struct{ expr, want string }{
		{"u.a.b", "«unknown: u.a.b»"},
		{"u.a or 1", "«unknown: it is not known»"},
		{`"${u.dir}/modules/x.nix"`, `"«unknown: u.dir»/modules/x.nix"`},
		{"[ 1 ] ++ u.list ++ [ 2 ]", "[ 1 «unknown: u.list» 2 ]"},
		{"({ a = 1; } // u).a", "«unknown: it is not known»"},
		{"(u // { a = 1; }).a", "1"},
		{"(u // { a = 1; }).b", "«unknown: u.b»"},
		{"if u.cond then 1 else 2", "«unknown: it is not known»"},
		{"u.cond && false", "«unknown: it is not known»"},
		{"false && u.cond", "false"},
		{"u.f 1 2", "«unknown: u.f …»"},
		{"builtins.length ([ 1 ] ++ u)", "«unknown: it is not known»"},
		{"builtins.head (map (x: x) u)", "«unknown: it is not known»"},
		{"{ a = throw \"no\"; b = 1; }.b", "1"},
		{"{ a = throw \"no\"; }", "{ a = «error: no»; }"},
		{"{ }.missing", "«error: attribute `missing` is missing»"},
		{"nowhere", "«error: undefined variable `nowhere`»"},
		{"let x = x; in x", "«error: infinite recursion: the value needs itself»"},
		{"import ./a.nix", "{ x = 1; }"},
		{"import ./d { y = 2; }", "2"},
		{"import ./none.nix", "«error: path `/repo/none.nix` does not exist»"},
		{"import /etc/passwd", "«unknown: `/etc/passwd` is outside of the repository»"},
		{"builtins.readFile ./t.txt", `"text"`},
		{"builtins.pathExists ./none", "false"},
		{"builtins.attrNames (builtins.readDir ./.)", `[ "a.nix" "d" "t.txt" ]`},
		{"builtins.getEnv \"HOME\"", "«unknown: builtins.getEnv …»"},
		{"\"${u}\" == \"x\"", "«unknown: it is not known»"},
		{"\"a${u}\" == \"x\"", "false"},
		{"baseNameOf \"${u}/x.nix\"", `"x.nix"`},
		{"({ a, b ? 1, ... }: [ a b ]) u", "[ «unknown: u.a» «unknown: it is not known» ]"},
		{"with u; [ name ]", "[ «unknown: u.name» ]"},
		{"builtins.filterSource (p: t: true) ./d", `"/repo/d"`},
		{"builtins.filterSource (p: t: t != \"regular\") ./d", "«unknown: the files are copied through a filter»"},
		{"builtins.filterSource (p: t: p == u) ./d", "«unknown: the files are copied through a filter»"},
		{"builtins.path { path = ./.; filter = p: t: p == \"/repo/d\" -> t == \"directory\"; }", `"/repo"`},
		{"builtins.path { path = ./.; filter = p: t: p != \"/repo/d\" && (baseNameOf p == \"default.nix\" -> throw \"no\"); }", "«unknown: the files are copied through a filter»"},
		{"builtins.path { path = ./.; filter = p: t: baseNameOf p == \"default.nix\" -> throw \"no\"; }", "«error: no»"},
		{"builtins.path { path = ./t.txt; filter = p: t: throw \"no\"; }", `"/repo/t.txt"`},
		{"builtins.filterSource u.f ./d", "«unknown: the files are copied through a filter»"},
		{"builtins.filterSource (p: t: 1) ./d", "«error: expected a Boolean but found an integer (`1`)»"},
		{"(rec { __overrides = u; a = 1; }).a", "«unknown: it is not known»"},
		{"(rec { __overrides = u // { b = 2; }; b = 1; }).b", "2"},
		{"with { a = 1; }; with u; a", "«unknown: u.a»"},
	} {
		ev := eval.New(files, eval.DefaultLimits)
		fn := ev.Eval("/repo/x.nix", "u: "+c.expr)
		u := eval.NewUnknown("it is not known", "u")
		if got := ev.Print(ev.Call(fn, eval.Done(u), eval.Place{})); got != c.want {
			t.Errorf("%s: got %s, want %s", c.expr, got, c.want)
		}
	}
}

// TestProvenance checks that values lead back to where they were written.
func TestProvenance(t *testing.T) {
	files := memory{"/repo/r.nix": "{\n  modules.gpu = \"/repo/gpu.nix\";\n}", "/repo/m.nix": "(import ./r.nix).modules"}
	ev := eval.New(files, eval.DefaultLimits)
	set := ev.Import("/repo/m.nix", eval.Place{}).(*eval.Attrs)
	gpu := set.Get("gpu")
	if got := gpu.At.Syntax().Text(); gpu.At.File.Path != "/repo/r.nix" || got != "gpu" {
		t.Errorf("the attribute is at %s %q", gpu.At.File.Path, got)
	}
	if got := gpu.Value.At().Syntax().Text(); got != `"/repo/gpu.nix"` {
		t.Errorf("the value is at %q", got)
	}
	err := ev.Select(set, "gpo", gpu.At).(*eval.Error)
	if err.Kind != eval.ErrorMissingAttr || err.Attr != "gpo" || err.Set != set {
		t.Errorf("a missing attribute gives %+v", err)
	}
}

// TestShallowOfNative checks that what builtins have put off is not taken for the variable that
// it is made of.
func TestShallowOfNative(t *testing.T) {
	ev := eval.New(memory{}, eval.DefaultLimits)
	list := ev.Eval("/x.nix", "let a = 1; in map (x: x + 1) [ a ]")
	if got, want := ev.PrintShallow(list), "[ <CODE> ]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestCircles checks that names that only stand for each other are followed to
// an end.
func TestCircles(t *testing.T) {
	ev := eval.New(memory{}, eval.DefaultLimits)
	set := ev.Eval("/x.nix", "rec { a = a; b = c; c = b; d = b; l = [ l ]; }").(*eval.Attrs)
	if got, want := ev.PrintShallow(set), "{ a = <CODE>; b = <CODE>; c = <CODE>; d = <CODE>; l = <CODE>; }"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	ev.Print(set)
	for _, e := range set.Entries {
		if e.Value.Origin() == nil {
			t.Errorf("%s has no origin", e.Name)
		}
	}
}

// TestBudgets checks that nothing runs forever or exhausts the stack.
func TestBudgets(t *testing.T) {
	limits := eval.Limits{Steps: 200_000, Depth: 2000}
	for _, expr := range []string{
		"let f = x: f (x + 1); in f 0",
		"let f = n: 1 + f n; in f 0",
		"let l = [ 1 ] ++ l; in builtins.length l",
		"builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 100000000)",
		"let xs = n: { next = xs (n + 1); }; in (xs 0)",
		"(x: x x) (x: x x)",
		"let a = { b = a; }; in a",
		"builtins.genList (x: x) 9000000000000000000",
	} {
		ev := eval.New(memory{}, limits)
		if got := ev.Print(ev.Eval("/x.nix", expr)); len(got) > 1<<20 {
			t.Errorf("%s: %d bytes", expr, len(got))
		}
	}
}
