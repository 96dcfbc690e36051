package generator

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/parser"
)

// Input describes an input of the flake to be declared.
type Input struct {
	Name string
	// Formal is set if the outputs are to have a parameter of its name.
	Formal bool
}

// knownInput is where an input is fetched from, and which of its own inputs are better
// those of the flake, by the names that the flake's may have.
type knownInput struct {
	url     string
	follows []string // NAME, or NAME=OTHER if the flake calls it OTHER
}

var (
	followsNixpkgs = []string{"nixpkgs"}
	followsHome    = []string{"nixpkgs", "home-manager"}
)

// knownInputs are inputs by the names that most repositories give them, with the reference
// that their own documentation names. What is built upon caches of its own, as Hyprland is,
// follows nothing.
var knownInputs = map[string]knownInput{
	"agenix":               {"github:ryantm/agenix", followsHome},
	"catppuccin":           {"github:catppuccin/nix", followsNixpkgs},
	"colmena":              {"github:zhaofengli/colmena", followsNixpkgs},
	"crane":                {"github:ipetkov/crane", nil},
	"deploy-rs":            {"github:serokell/deploy-rs", followsNixpkgs},
	"devshell":             {"github:numtide/devshell", followsNixpkgs},
	"disko":                {"github:nix-community/disko", followsNixpkgs},
	"emacs-overlay":        {"github:nix-community/emacs-overlay", followsNixpkgs},
	"fenix":                {"github:nix-community/fenix", followsNixpkgs},
	"flake-parts":          {"github:hercules-ci/flake-parts", []string{"nixpkgs-lib=nixpkgs"}},
	"flake-utils":          {"github:numtide/flake-utils", []string{"systems"}},
	"git-hooks":            {"github:cachix/git-hooks.nix", followsNixpkgs},
	"haumea":               {"github:nix-community/haumea", followsNixpkgs},
	"home-manager":         {"github:nix-community/home-manager", followsNixpkgs},
	"hyprland":             {"github:hyprwm/Hyprland", nil},
	"impermanence":         {"github:nix-community/impermanence", followsHome},
	"lanzaboote":           {"github:nix-community/lanzaboote", followsNixpkgs},
	"microvm":              {"github:microvm-nix/microvm.nix", followsNixpkgs},
	"nix-colors":           {"github:misterio77/nix-colors", nil},
	"nix-darwin":           {"github:nix-darwin/nix-darwin", followsNixpkgs},
	"nix-flatpak":          {"github:gmodena/nix-flatpak", nil},
	"nix-gaming":           {"github:fufexan/nix-gaming", followsNixpkgs},
	"nix-index-database":   {"github:nix-community/nix-index-database", followsNixpkgs},
	"nix-minecraft":        {"github:Infinidoge/nix-minecraft", followsNixpkgs},
	"nixos-anywhere":       {"github:nix-community/nixos-anywhere", []string{"nixpkgs", "disko"}},
	"nixos-facter-modules": {"github:nix-community/nixos-facter-modules", nil},
	"nixos-generators":     {"github:nix-community/nixos-generators", followsNixpkgs},
	"nixos-hardware":       {"github:NixOS/nixos-hardware", followsNixpkgs},
	"nixos-wsl":            {"github:nix-community/NixOS-WSL", followsNixpkgs},
	"nixpkgs":              {"github:NixOS/nixpkgs/nixos-unstable", nil},
	"nixpkgs-unstable":     {"github:NixOS/nixpkgs/nixpkgs-unstable", nil},
	"nixvim":               {"github:nix-community/nixvim", followsNixpkgs},
	"nur":                  {"github:nix-community/NUR", followsNixpkgs},
	"plasma-manager":       {"github:nix-community/plasma-manager", followsHome},
	"pre-commit-hooks":     {"github:cachix/git-hooks.nix", followsNixpkgs},
	"preservation":         {"github:nix-community/preservation", nil},
	"rust-overlay":         {"github:oxalica/rust-overlay", followsNixpkgs},
	"sops-nix":             {"github:Mic92/sops-nix", followsNixpkgs},
	"spicetify-nix":        {"github:Gerg-L/spicetify-nix", followsNixpkgs},
	"srvos":                {"github:nix-community/srvos", followsNixpkgs},
	"stylix":               {"github:nix-community/stylix", followsNixpkgs},
	"systems":              {"github:nix-systems/default", nil},
	"treefmt-nix":          {"github:numtide/treefmt-nix", followsNixpkgs},
}

// IsKnownInput reports whether it is known where an input of a name is fetched from.
func IsKnownInput(name string) bool { return knownInputs[name].url != "" }

// Input plans an input of the flake: its declaration, and a parameter of the outputs if
// they cannot do without. Of one that is not known the owner remains to be written.
func (g *Generator) Input(q Input) (*Plan, error) {
	d := g.draft()
	if err := checkName("an input", q.Name); err != nil {
		return nil, err
	}
	f := d.Model.Repo.File("flake.nix")
	if f == nil || !parser.Unparen(f.Tree.Expr()).Is(parser.KindAttrSet) {
		return nil, fmt.Errorf("the repository has no flake.nix with inputs")
	}
	flake := parser.Unparen(f.Tree.Expr())
	holder, prefix := flake, "inputs."
	if b, ok := bindingAt(flake, "inputs"); ok {
		if holder, prefix = parser.Unparen(b.Value()), ""; !holder.Is(parser.KindAttrSet) {
			return nil, fmt.Errorf("the inputs of flake.nix are computed, and cannot be edited")
		}
	}
	var siblings []sibling
	declared := make(map[string]bool)
	inSets := false
	for _, b := range bindingsOf(holder) {
		path := names(b.Path().Node)
		if prefix != "" {
			if path[0] != "inputs" || len(path) == 1 {
				continue
			}
			path = path[1:]
		}
		name := strings.Trim(path[0], `"`)
		declared[name] = true
		siblings = append(siblings, sibling{b.Node, name})
		inSets = inSets || len(path) == 1
	}
	if declared[q.Name] {
		return nil, fmt.Errorf("flake.nix has an input `%s` already", q.Name)
	}
	blank := ""
	if len(siblings) > 0 {
		blank = indentation(f.Text, siblings[0].node.Span().Start)
	}
	text := inputText(prefix+q.Name, q.Name, blank, declared, inSets || len(siblings) == 0)
	outputs, hasOutputs := bindingAt(flake, "outputs")
	switch {
	case len(siblings) > 0:
		beside, before := place(siblings, q.Name)
		src := f.Text
		if strings.Contains(text, "\n") && len(siblings) > 1 && strings.Contains(src[siblings[0].node.Span().End:siblings[1].node.Span().Start], "\n\n") {
			if before {
				text += "\n"
			} else {
				text = "\n" + text
			}
		}
		d.addEntry("flake.nix", beside, before, text)
	case prefix == "" || !hasOutputs:
		d.addFirst("flake.nix", holder, text)
	default:
		d.addEntry("flake.nix", outputs.Node, true, text)
	}
	if hasOutputs {
		d.inputFormal(q, parser.Unparen(outputs.Value()))
	}
	if !IsKnownInput(q.Name) {
		d.note("where `%s` is fetched from is not known: write its owner in flake.nix", q.Name)
	}
	return d.finish()
}

// indentation returns the blanks before a place, if nothing else is in its line.
func indentation(src string, at uint32) string {
	before := src[strings.LastIndexByte(src[:at], '\n')+1 : at]
	if strings.TrimSpace(before) != "" {
		return ""
	}
	return before
}

// inputText writes the declaration of an input, as a set or as paths, in lines that begin
// with some blanks.
func inputText(path, name, blank string, declared map[string]bool, asSet bool) string {
	known := knownInputs[name]
	if known.url == "" {
		known.url = "github:owner/" + name
	}
	var follows []string
	for _, f := range known.follows {
		inner, own, ok := strings.Cut(f, "=")
		if !ok {
			own = inner
		}
		if declared[own] {
			follows = append(follows, "inputs."+inner+".follows = "+quote(own)+";")
		}
	}
	url := "url = " + quote(known.url) + ";"
	if len(follows) == 0 {
		return path + "." + url
	}
	lines := slices.Insert(follows, 0, url)
	if asSet {
		return path + " = {\n" + blank + "  " + strings.Join(lines, "\n"+blank+"  ") + "\n" + blank + "};"
	}
	return path + "." + strings.Join(lines, "\n"+blank+path+".")
}

// inputFormal makes the outputs take an input: by name if they are to, or if they take no
// others than those that they name.
func (d *draft) inputFormal(q Input, outputs parser.Node) {
	if !outputs.Is(parser.KindLambda) {
		return
	}
	p, ok := parser.Lambda{Node: outputs}.Pattern()
	if !ok || slices.Contains(formals(outputs), q.Name) || !q.Formal && p.Ellipsis().IsValid() {
		return
	}
	e := edit.AddFormal(p, q.Name)
	d.insert("flake.nix", e.Span.Start, e.Text)
}
