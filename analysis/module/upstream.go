package module

import (
	"maps"
	"slices"
)

// upstream are the names below which NixOS, home-manager, nix-darwin and
// well-known modules for them declare options. A repository that declares an
// option below one of them adds to options that are not at hand.
//
// Source: the tables of contents of the option references of NixOS 26.05,
// home-manager and nix-darwin, and the modules' own documentation.
var upstream = namesOf(
	// NixOS
	"_module", "appstream", "assertions", "boot", "console", "containers", "docs", "documentation", "dysnomia", "ec2",
	"environment", "fileSystems", "fonts", "gnu", "gtk", "hardware", "i18n", "ids", "image", "isoImage", "jobs", "krb5", "lib",
	"location", "meta", "minimal-flake", "networking", "nix", "nixops", "nixpkgs", "nixos", "oci", "openstack", "passthru",
	"power", "powerManagement", "programs", "proxmox", "qt", "sdImage", "security", "services", "snapraid", "sound",
	"specialisation", "stubby", "swapDevices", "system", "systemd", "test-support", "testing", "time", "users", "vim", "virtualisation",
	"virtualbox", "vmware", "warnings", "xdg", "zramSwap", "lxc", "amazonImage", "azure", "googleComputeImage", "hyperv", "netboot",
	"ociImage", "tarball", "defaultText", "dconf",
	// home-manager
	"accounts", "home", "launchd", "manual", "news", "pam", "submoduleSupport", "targets", "wayland", "xfconf", "xresources", "xsession",
	"editorconfig", "dbus", "uninstall", "wrappers",
	// nix-darwin
	"homebrew", "age", "power", "networking", "determinate-nix", "determinateNix",
	// well-known modules
	"home-manager", "sops", "disko", "stylix", "impermanence", "lanzaboote", "microvm", "nixos-wsl", "wsl", "catppuccin", "colorScheme",
	"chaotic", "facter", "hm", "flake", "perSystem", "systems", "transposition", "debug", "flake-file", "formatter", "mailserver", "nur",
	"persistence", "preservation", "simple-nixos-mailserver", "topology", "vmVariant", "nixvim", "plugins", "opts", "globals", "keymaps",
	"snowfallorg", "clan", "clanCore", "srvos", "deployment", "terranix", "nixarr", "authentik", "nixpak", "jovian", "hjem", "home-manager-users",
	"niri", "hyprland", "plasma", "spicetify", "wayland", "xremap", "garnix", "proxmox", "selfhostblocks", "shb", "vscode-server", "vault-secrets",
	"nix-mineral", "nm-overrides", "noshell", "rice", "arion", "nixos-shell", "musnix", "nixosSystem", "quadlet", "scrutiny",
)

// IsUpstream reports whether NixOS and its like declare options below a name.
func IsUpstream(root string) bool { return upstream[root] }

// Upstream returns the names below which NixOS and its like declare options, sorted.
func Upstream() []string { return slices.Sorted(maps.Keys(upstream)) }

func namesOf(names ...string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, n := range names {
		out[n] = true
	}
	return out
}
