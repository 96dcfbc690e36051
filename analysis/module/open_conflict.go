package module

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/parser"
)

// singleOptions are well-known options of NixOS and home-manager that have one value: all
// definitions of one priority have to be equal, or, if it is true, there may be only one.
// Of most other options that are not at hand it is not known whether definitions merge.
var singleOptions = map[string]bool{
	"boot.kernelPackages": true, "boot.loader.efi.efiSysMountPoint": false, "console.keyMap": false, "home.homeDirectory": false,
	"home.stateVersion": false, "home.username": false, "i18n.defaultLocale": false, "networking.domain": false, "networking.hostId": false,
	"networking.hostName": false, "services.xserver.xkb.layout": false, "system.stateVersion": false, "time.timeZone": false,
	"zramSwap.memoryPercent": false, "boot.loader.efi.canTouchEfiVariables": false, "networking.useDHCP": false, "nixpkgs.config.allowUnfree": false,
}

// conflicts looks at what is defined for an option that is not at hand, all with one
// priority, for values that do not go together. Whether something is enabled is one value,
// too.
func (c *walker) conflicts(g *group, res resolved) {
	if len(res.sure) < 2 || len(res.unsure) > 0 || g.option != nil && !g.option.weak() {
		return
	}
	if g.loc[0] == "specialisation" {
		return // one with `inheritParentConfig = false` is without the modules of its parent
	}
	path := g.path()
	once, single := singleOptions[strings.Join(path, ".")]
	if !single && (len(path) < 3 || path[len(path)-1] != "enable" || !upstream[path[0]]) {
		return
	}
	first := g.e.ev.Force(res.sure[0].Value)
	differ := once
	for _, d := range res.sure {
		v := g.e.ev.Force(d.Value)
		switch v.(type) {
		case eval.Bool:
		case eval.String, eval.Int:
			if !single {
				return
			}
		default:
			if !once {
				return
			}
			continue
		}
		differ = differ || v != first
	}
	if !differ {
		return
	}
	// Of several places, the one where a value is written out has to be looked at first.
	last := len(res.sure) - 1
	for i, d := range res.sure {
		if isWrittenOut(d.At) {
			last = i
		}
	}
	p := Problem{
		Kind: Conflict, Path: g.loc, At: res.sure[last].At, Certain: !slices.ContainsFunc(res.sure, func(d Definition) bool { return !d.Certain }),
		Message: "option `" + ShowOption(g.loc) + "` has definitions that do not merge", Module: res.sure[last].Module, Definition: res.sure[last],
	}
	for i, d := range res.sure {
		if i != last {
			p.Related = append(p.Related, d.At)
		}
	}
	g.e.problem(p)
}

// isWrittenOut reports whether an attribute is bound to a string without variables.
func isWrittenOut(at eval.Place) bool {
	if !at.IsValid() {
		return false
	}
	n := at.Syntax()
	for n.IsValid() && !n.Is(parser.KindBinding) {
		n = n.Parent()
	}
	if !n.IsValid() {
		return false
	}
	value := parser.Unparen(parser.Binding{Node: n}.Value())
	if !value.Is(parser.KindString) {
		return false
	}
	_, static := parser.String{Node: value}.Static()
	return static
}
