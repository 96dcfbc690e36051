package module_test

import (
	"fmt"
	"testing"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
)

// budgetFiles are modules that fit together: nothing is wrong with them, however
// little of them can be evaluated.
var budgetFiles = map[string]string{
	"/repo/host.nix": `{ config, lib, ... }: {
  imports = [ ./options.nix ./service.nix ];
  own.name = "desk";
  own.sites = lib.mkMerge [
    { main.url = "https://main"; }
    (lib.mkIf (config.own.level > 2) { other.url = "https://other"; })
  ];
  own.level = lib.mkForce 3;
  own.free = { any = [ 1 2 ]; };
  own.once = true;
}`,
	"/repo/options.nix": `{ lib, ... }: let inherit (lib) mkOption types; in {
  options.own = {
    name = mkOption { type = types.str; };
    level = mkOption { type = types.ints.between 0 9; default = 1; };
    kind = mkOption { type = types.enum [ "a" "b" ]; default = "a"; };
    once = mkOption { type = types.bool; readOnly = true; };
    free = mkOption { type = types.submodule { freeformType = types.attrsOf types.anything; }; default = { }; };
    made = mkOption { type = types.listOf types.str; default = [ ]; apply = map (x: x + "!"); };
    sites = mkOption {
      type = types.attrsOf (types.submodule ({ name, ... }: {
        options.url = mkOption { type = types.str; };
        options.title = mkOption { type = types.str; default = name; };
      }));
    };
  };
}`,
	"/repo/service.nix": `{ config, lib, ... }: let cfg = config.own; in {
  options.boot.kernelParams = lib.mkOption { type = lib.types.listOf lib.types.str; default = [ ]; };
  config = lib.mkIf (cfg.sites != { }) {
    own.level = 5;
    own.made = lib.concatLists (lib.genList (i: [ "site${toString i}" ]) 20);
    boot.kernelParams = lib.mapAttrsToList (n: s: "${n}=${s.url},${s.title}") cfg.sites ++ cfg.made ++ [ cfg.name cfg.kind ];
  };
}`,
}

// checkWithin evaluates the modules within limits. It returns the problems that
// are certain and the value that depends on most.
func checkWithin(limits eval.Limits) (ev *eval.Evaluator, certain []string, value eval.Value) {
	ev = eval.New(&eval.Overlay{Root: "/repo", Files: budgetFiles}, limits)
	lib := module.Lib(ev, nil)
	e := module.Evaluate(ev, module.Input{
		Modules: eval.NewList(eval.Path("/repo/host.nix")), Special: eval.NewAttrs(map[string]eval.Value{"lib": lib}),
	})
	e.Check(func(string) bool { return true }, []string{"boot", "kernelParams"})
	for _, p := range e.Problems() {
		if p.Certain {
			certain = append(certain, p.Message)
		}
	}
	return ev, certain, e.Value("boot", "kernelParams")
}

// TestBudget evaluates modules with less of a budget than they need. Whatever is
// given up then, nothing may be reported as certainly wrong.
func TestBudget(t *testing.T) {
	const attempts = 200
	ev, certain, value := checkWithin(eval.DefaultLimits)
	if list, ok := value.(*eval.List); !ok || len(list.Elems) != 24 || list.More != nil || len(certain) > 0 || len(ev.Exceeded()) > 0 {
		t.Fatalf("the modules are not as they should be: %s, %v, %v", ev.Print(value), certain, ev.Exceeded())
	}
	for name, within := range map[string]func(n int) eval.Limits{
		"steps": func(n int) eval.Limits { return eval.Limits{Steps: 100 + 20*n, Depth: 100_000, Bytes: 1 << 30} },
		"depth": func(n int) eval.Limits { return eval.Limits{Steps: 1 << 30, Depth: 12 + n/2, Bytes: 1 << 30} },
		"bytes": func(n int) eval.Limits { return eval.Limits{Steps: 1 << 30, Depth: 100_000, Bytes: 40_000 + 800*n} },
	} {
		t.Run(name, func(t *testing.T) {
			exceeded := 0
			for n := range attempts {
				ev, certain, value := checkWithin(within(n))
				if len(ev.Exceeded()) > 0 {
					exceeded++
				} else if _, ok := value.(*eval.List); !ok {
					t.Errorf("at %d: nothing was exceeded, but the value is %s", n, ev.Print(value))
				}
				if len(certain) > 0 {
					t.Errorf("at %d: %v", n, certain)
				}
			}
			if exceeded == 0 || exceeded == attempts {
				t.Errorf("the budget was exceeded %d times of %d", exceeded, attempts)
			}
		})
	}
	// What could not be computed says why.
	ev, _, value = checkWithin(eval.Limits{Steps: 500, Depth: 100_000, Bytes: 1 << 30})
	u, ok := value.(*eval.Unknown)
	if want := fmt.Sprintf("evaluation takes more than %d steps", 500); !ok || u.Cause().Reason != want {
		t.Errorf("got %s, want an unknown because %s", ev.Print(value), want)
	}
}
