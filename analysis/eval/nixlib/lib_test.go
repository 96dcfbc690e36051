package nixlib_test

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/eval/nixlib"
)

// record names the folder lib of a copy of nixpkgs. What Nix prints for it
// replaces what the cases want.
var record = flag.String("record", "", "write the values that Nix prints for this `folder` lib of nixpkgs")

const (
	casesFile = "testdata/lib.txtar"
	filesDir  = "testdata/files" // the folder that the cases are evaluated in
)

// TestLib compares the model with the library itself. A case is an expression
// and what Nix prints for it, or the word error.
func TestLib(t *testing.T) {
	ar, err := txtar.ParseFile(casesFile)
	if err != nil {
		t.Fatal(err)
	}
	if *record != "" {
		recordCases(t, ar)
	}
	dir, err := filepath.Abs(filesDir)
	if err != nil {
		t.Fatal(err)
	}
	files, err := eval.NewDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	ev := eval.New(files, eval.DefaultLimits)
	lib := nixlib.New(ev, nil)
	for i := 0; i+1 < len(ar.Files); i += 2 {
		src, want := ar.Files[i], strings.TrimSuffix(string(ar.Files[i+1].Data), "\n")
		t.Run(strings.TrimSuffix(src.Name, ".nix"), func(t *testing.T) {
			ev.Reset()
			fn := ev.Eval(filepath.ToSlash(dir)+"/case.nix", "lib: "+string(src.Data))
			v := eval.Done(ev.Call(fn, eval.Done(lib), eval.Place{}))
			got := ev.Print(ev.Force(v))
			if ev.Deep(v) != nil {
				got = "error"
			}
			if got != want {
				t.Errorf("%sgot  %s\nwant %s", src.Data, got, want)
			}
		})
	}
}

// importShimmed is an import for which there is a builtin that Nix 2.8 has not.
const importShimmed = `let
  builtins' = builtins // { readFileType = p: (builtins.readDir (dirOf p)).${baseNameOf p}; };
  import' = builtins.scopedImport { builtins = builtins'; import = import'; };
in import'`

func recordCases(t *testing.T, ar *txtar.Archive) {
	for i := 0; i+1 < len(ar.Files); i += 2 {
		expr := "let lib = (" + importShimmed + ") (" + *record + "); in " + string(ar.Files[i].Data)
		cmd := exec.Command("nix-instantiate", "--eval", "--strict", "-E", expr)
		cmd.Dir = filesDir
		out, err := cmd.Output()
		if err != nil {
			out = []byte("error\n")
		}
		ar.Files[i+1].Data = out
	}
	if err := os.WriteFile(casesFile, bytes.TrimSpace(txtar.Format(ar)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestUnknown checks what is known of the results of unknown arguments: u is
// unknown, and so is the Boolean c.
func TestUnknown(t *testing.T) {
	files := &eval.Overlay{Root: "/repo", Files: map[string]string{"/repo/d/x.nix": "", "/repo/d/default.nix": "", "/repo/e": ""}}
	for _, c := range []struct{ expr, want string }{
		{`lib.optional c 1`, "«unknown: why»"},
		{`[ 0 ] ++ lib.optional c 1 ++ [ 2 ]`, "[ 0 «unknown: why» 2 ]"},
		{`{ a = 1; } // lib.optionalAttrs c { b = 2; }`, "{ a = 1; «unknown: why»; }"},
		{`({ a = 1; } // lib.optionalAttrs c { b = 2; }).a`, "1"},
		{`({ a = 1; } // lib.optionalAttrs c { a = 2; }).a`, "«unknown: why»"},
		{`({ a = 1; } // lib.optionalAttrs c { a = 2; }) ? a`, "true"},
		{`({ a = 1; } // lib.optionalAttrs c { b = 2; }) ? b`, "«unknown: why»"},
		{`({ a = 1; } // lib.optionalAttrs c { b = 2; }) ? x`, "false"},
		{`({ a = 1; } // lib.optionalAttrs c { b = 2; }).x`, "«error: attribute `x` is missing»"},
		{`lib.mkIf c { a = 1; }`, `{ _type = "if"; condition = «unknown: c»; content = { a = 1; }; }`},
		{`lib.hasSuffix ".nix" "${u}/a.nix"`, "true"},
		{`lib.hasSuffix ".txt" "${u}/a.nix"`, "false"},
		{`lib.hasSuffix "/a/a.nix" "${u}/a.nix"`, "«unknown: why»"},
		{`lib.hasPrefix "/x" "/x/${u}"`, "true"},
		{`lib.hasPrefix "/y" "/x/${u}"`, "false"},
		{`lib.removeSuffix ".nix" "${u}/a.nix"`, `"«unknown: u»/a"`},
		{`lib.removePrefix "/x/" "/x/y/${u}"`, `"y/«unknown: u»"`},
		{`lib.splitString "/" "a/b${u}c/d"`, `[ "a" «unknown: why» "d" ]`},
		{`lib.filterAttrs (n: v: v.on) { a.on = true; b = u; z.on = false; }`, "{ a = { on = true; }; «unknown: why»; }"},
		{`lib.recursiveUpdate { a.b = 1; a.c = 2; d = 3; } { a = u; }`, "{ a = «unknown: why»; d = 3; }"},
		{`(lib.recursiveUpdate { a.b = 1; } (lib.optionalAttrs c { a.c = 1; })).a.b or 0`, "«unknown: why»"},
		{`(lib.recursiveUpdate { a = 1; d = 2; } u).d`, "«unknown: why»"},
		{`lib.flatten [ 1 [ 2 ] u ]`, "[ 1 2 «unknown: why» ]"},
		{`lib.genAttrs [ "a" u ] (n: n)`, `{ a = "a"; «unknown: why»; }`},
		{`lib.types.str`, "«unknown: lib.types.str»"},
		{`lib.noSuchThing 1`, "«unknown: lib.noSuchThing …»"},
		{`lib.warnIf c "m" 1`, "1"},
		{`lib.throwIf c "m" 1`, "«unknown: why»"},
		{`lib.attrByPath [ "a" ] 1 u`, "«unknown: why»"},
		{`lib.mapAttrs (n: v: n) ({ a = 1; } // u)`, `{ a = "a"; «unknown: why»; }`},
		{`lib.concatStringsSep "," [ "a" "${u}" ]`, `"a,«unknown: u»"`},
		{`lib.elem 1 ([ 1 ] ++ u)`, "true"},
		{`lib.elem 2 ([ 1 ] ++ u)`, "«unknown: why»"},
		{`lib.head ([ 1 ] ++ u)`, "1"},
		{`lib.last (u ++ [ 1 ])`, "«unknown: why»"},
		{`lib.take 1 ([ 1 2 ] ++ u)`, "[ 1 ]"},
		{`lib.path.append ./d "x.nix"`, "/repo/d/x.nix"},
		{`map lib.pathIsDirectory [ ./d ./e ./f ]`, "[ true false false ]"},
		{`map lib.pathIsRegularFile [ ./d ./e ./f ]`, "[ false true false ]"},
		{`map lib.filesystem.resolveDefaultNix [ ./d ./e "/x/" ]`, `[ /repo/d/default.nix /repo/e «unknown: ` + "`/x` is outside of the repository" + `» ]`},
		{`(lib.extend (f: p: { own = f.id 1; })).own`, "1"},
		{`lib.getExe u.hello`, `"«unknown: u.hello»/bin/«unknown: u.hello.meta.mainProgram»"`},
		{`lib.getExe' u.hello "hi"`, `"«unknown: u.hello»/bin/hi"`},
		{`lib.getExe' u.hello "a/hi"`, "«error: `a/hi` is no name of a program: it has a slash»"},
		{`lib.generators.toINI { } { a.b = u; a.c = 1; }`, `"[a]\nb=«unknown: u»\nc=1\n"`},
		{`lib.generators.toKeyValue { listsAsDuplicateKeys = true; } { b = u; }`, "«unknown: why»"},
		{`lib.generators.toGitINI { a.b = u; }`, "«unknown: why»"},
		{`lib.generators.toPretty { } { a = u; b = [ 1 ]; }`, `"{\n  a = «unknown: why»;\n  b = [\n    1\n  ];\n}"`},
		{`lib.generators.toPretty { } { a = { b = 1; } // u; }`, `"{\n  a = «unknown: why»;\n}"`},
		{`lib.generators.toLua { } [ u "a${u}" ]`, `"{\n  «unknown: why»,\n  «unknown: why»\n}"`},
		{`lib.cli.toGNUCommandLine { } { a = u; b = 1; }`, `[ «unknown: why» "-b" "1" ]`},
		{`builtins.elem "x86_64-linux" lib.systems.flakeExposed`, "true"},
		{`builtins.elem "vax-vms" lib.systems.flakeExposed`, "«unknown: the list of systems differs from release to release»"},
		{`lib.genAttrs lib.systems.flakeExposed (s: s) ? x86_64-linux`, "true"},
		{`lib.licenses.mit`, "«unknown: lib.licenses.mit»"},
		{`lib.fileset.toList (lib.fileset.unions [ ./e u.x ])`, "[ «unknown: why» /repo/e ]"},
		{`lib.fileset.toList (lib.fileset.fileFilter (f: f.name == "x.nix" || u) ./d)`, "[ «unknown: why» /repo/d/x.nix ]"},
		{`lib.fileset.toList (lib.fileset.difference ./d (lib.fileset.unions [ u ]))`, "[ «unknown: why» ]"},
		{`"${lib.fileset.toSource { root = ./d; fileset = ./d; }}"`, `"/repo/d"`},
		{`"${lib.fileset.toSource { root = ./.; fileset = ./d; }}/x"`, `"«unknown: the files are copied through a filter»/x"`},
		{`"${lib.cleanSource ./d}/x.nix"`, `"/repo/d/x.nix"`},
		{`(lib.callPackageWith u ({ a, b }: { inherit a b; }) { b = 2; }).a`, "«unknown: why»"},
		{`(lib.callPackageWith u ({ a, b }: { inherit a b; }) { b = 2; }).b`, "2"},
		{`({ own = 1; } // lib).own`, "1"},
		{`({ own = 1; } // u // lib).own`, "«unknown: why»"},
		{`({ closePropagation = 1; } // lib).closePropagation`, "«unknown: this part of nixpkgs' lib is not modelled»"},
		{`with { own = 1; }; with lib; own`, "1"},
		{`with { own = 1; }; with u; with lib; own`, "«unknown: u.own»"},
		{`with lib; own`, "«unknown: lib.own»"},
		{`lib ? own`, "«unknown: this part of nixpkgs' lib is not modelled»"},
		{`(lib.zipAttrsWith (n: v: v) [ lib { own = 1; } ]).own`, "[ 1 ]"},
		{`(lib.zipAttrsWith (n: v: v) [ u { own = 1; } lib ]).own`, "[ «unknown: why» 1 ]"},
		{`({ own = 1; } // lib.zipAttrsWith (n: v: v) [ lib lib.lists { } ]).own`, "1"},
		{`lib.nixosSystem`, "«unknown: nixpkgs.lib.nixosSystem»"},
		{`(lib.extend (f: p: { })).nixosSystem { }`, "«unknown: nixpkgs.lib.nixosSystem …»"},
	} {
		ev := eval.New(files, eval.DefaultLimits)
		lib := nixlib.New(ev, map[string]eval.Value{"nixosSystem": eval.NewUnknown("not built", "nixpkgs", "lib", "nixosSystem")})
		fn := ev.Eval("/repo/case.nix", "lib: u: c: "+c.expr)
		u, cond := eval.NewUnknown("why", "u"), eval.NewUnknown("why", "c")
		got := ev.Print(ev.Apply(fn, eval.Place{}, eval.Done(lib), eval.Done(u), eval.Done(cond)))
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.expr, got, c.want)
		}
	}
}

// TestNames holds the names against those of the model.
func TestNames(t *testing.T) {
	ev := eval.New(nil, eval.DefaultLimits)
	for _, a := range nixlib.New(ev, nil).Entries {
		if !nixlib.Has(a.Name) && a.Name != "__unfix__" {
			t.Errorf("lib.%s is modelled, and not among the names of lib", a.Name)
		}
		if set, ok := ev.Force(a.Value).(*eval.Attrs); ok && len(nixlib.Names(a.Name)) > 0 {
			for _, inner := range set.Entries {
				if !nixlib.Has(inner.Name, a.Name) {
					t.Errorf("lib.%s.%s is modelled, and not among its names", a.Name, inner.Name)
				}
			}
		}
	}
	if nixlib.Has("mkIff") || nixlib.Has("boolean", "types") {
		t.Error("the library has names that it has not")
	}
}
