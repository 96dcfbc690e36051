package module

import (
	"embed"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

// nixosFiles declare what modules of NixOS do that other module systems, such as
// home-manager's, import by their paths in nixpkgs.
//
//go:embed nixos
var nixosFiles embed.FS

// ofNixpkgs returns the module at a path of nixpkgs, as in
// `pkgs.path + "/nixos/modules/misc/meta.nix"`, where nixpkgs is not at hand, or
// nil if it is none that nixlint knows.
func (c *collector) ofNixpkgs(t *eval.Text) eval.Value {
	if len(t.Segments) != 2 {
		return nil
	}
	u := t.Segments[0].Unknown
	name, ok := strings.CutPrefix(t.Segments[1].Known, "/nixos/modules/misc/")
	if !ok || u == nil || len(u.Path) == 0 || u.Path[len(u.Path)-1] != "path" {
		return nil
	}
	text, err := nixosFiles.ReadFile("nixos/" + name)
	if err != nil {
		return nil
	}
	return c.ev.Eval("/nixos/"+name, string(text))
}
