package manual_test

import (
	"strings"
	"testing"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/manual"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/scope"
)

// check looks at one entry: arity is the number of arguments that the evaluator's own
// function takes, or 0 if that is not known.
func check(t *testing.T, whole string, e *manual.Entry, v eval.Value) {
	t.Helper()
	if e == nil {
		t.Errorf("%s is not described", whole)
		return
	}
	if len(e.Text) < 10 || !strings.HasSuffix(e.Text, ".") || e.Type == "" {
		t.Errorf("%s: %q, %q", whole, e.Type, e.Text)
	}
	switch v := v.(type) {
	case *eval.Native:
		if len(e.Params) < v.Arity-len(v.Args) {
			t.Errorf("%s takes %d arguments, %d are described: %s", whole, v.Arity-len(v.Args), len(e.Params), e.Signature())
		}
	case *eval.Lambda:
		if len(e.Params) == 0 {
			t.Errorf("%s is a function, and described as none", whole)
		}
	case eval.String, eval.Int, eval.Bool, *eval.List:
		if len(e.Params) > 0 {
			t.Errorf("%s is no function, and described as one", whole)
		}
	}
}

func TestBuiltins(t *testing.T) {
	builtins := eval.New(nil, eval.DefaultLimits).Builtins()
	names := scope.BuiltinNames()
	if len(names) < 100 {
		t.Fatalf("%d builtins", len(names))
	}
	ev := eval.New(nil, eval.DefaultLimits)
	for _, name := range names {
		var v eval.Value
		if a := builtins.Get(name); a != nil {
			v = ev.Force(a.Value)
		}
		check(t, "builtins."+name, manual.Builtin(name), v)
	}
}

// TestLib checks that all that the evaluator knows of nixpkgs' library is described.
func TestLib(t *testing.T) {
	ev := eval.New(nil, eval.DefaultLimits)
	lib := module.Lib(ev, nil)
	if len(lib.Entries) < 300 {
		t.Fatalf("%d functions", len(lib.Entries))
	}
	for _, a := range lib.Entries {
		if strings.HasPrefix(a.Name, "__") {
			continue
		}
		v := ev.Force(a.Value)
		check(t, "lib."+a.Name, manual.Lib(a.Name), v)
		set, ok := v.(*eval.Attrs)
		if !ok {
			continue
		}
		for _, b := range set.Entries {
			if !strings.HasPrefix(b.Name, "_") {
				check(t, "lib."+a.Name+"."+b.Name, manual.Lib(a.Name, b.Name), ev.Force(b.Value))
			}
		}
	}
}

// TestNames checks that what is described exists, as far as the evaluator knows all of it.
func TestNames(t *testing.T) {
	ev := eval.New(nil, eval.DefaultLimits)
	lib := module.Lib(ev, nil)
	for _, name := range manual.LibNames() {
		v := eval.Value(lib)
		for _, part := range strings.Split(name, ".") {
			v = ev.Select(v, part, eval.Place{})
		}
		if e, wrong := v.(*eval.Error); wrong {
			t.Errorf("lib.%s: %s", name, e.Message)
		}
	}
}
