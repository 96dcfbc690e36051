package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var moduleKindMismatch = &Rule{
	Name:     "module-kind-mismatch",
	Group:    "modules",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a module for home-manager is imported into the system, or the other way round",
	Why: `NixOS, home-manager and nix-darwin evaluate modules with different options: ` + "`home.packages` is unknown to NixOS, " +
		"`boot.loader`" + ` to home-manager, and the evaluation stops with "The option … does not exist". The module was put into the wrong list of
imports, or was named by the wrong key of a registry.

Only options that certainly belong to one of them count, and none that a module of the same evaluation declares or makes an alias of.
Where modules of flakes are imported that nixlint does not know, it is a warning, for they might declare the option.`,
	Bad:  "-- flake.nix --\n" + exampleFlake + "-- host.nix --\n{ modules, ... }:\n{\n  imports = [ modules.nixos.nvidia ];\n}\n-- nvidia.nix --\n{\n  home.packages = [ ];\n}\n",
	Good: "-- flake.nix --\n" + exampleFlake + "-- host.nix --\n{ modules, ... }:\n{\n  imports = [ modules.nixos.nvidia ];\n}\n-- nvidia.nix --\n{\n  environment.systemPackages = [ ];\n}\n",
	Fix:  NoFix,
	Host: func(r *Repo) {
		for _, h := range r.Model.Hosts {
			r.foreignOptions(h, h.System, systemForeign)
			for _, e := range h.Homes {
				r.foreignOptions(h, e, homeForeign)
			}
		}
	},
}

// foreignOption is an option that certainly is not one of the evaluation at
// hand.
type foreignOption struct {
	path string
	kind string // what it belongs to
}

var (
	systemForeign = []foreignOption{
		{"home.packages", "home-manager"}, {"home.file", "home-manager"}, {"home.stateVersion", "home-manager"},
		{"home.username", "home-manager"}, {"home.homeDirectory", "home-manager"}, {"home.sessionVariables", "home-manager"},
		{"home.activation", "home-manager"}, {"wayland.windowManager", "home-manager"}, {"xdg.configFile", "home-manager"},
		{"xdg.dataFile", "home-manager"}, {"xdg.userDirs", "home-manager"}, {"programs.home-manager", "home-manager"},
		{"home.pointerCursor", "home-manager"}, {"home.shellAliases", "home-manager"}, {"home.sessionPath", "home-manager"},
		{"home.keyboard", "home-manager"}, {"home.language", "home-manager"}, {"home.persistence", "home-manager"},
		{"dconf.settings", "home-manager"}, {"gtk.theme", "home-manager"}, {"gtk.iconTheme", "home-manager"}, {"gtk.cursorTheme", "home-manager"},
		{"gtk.font", "home-manager"}, {"gtk.gtk3", "home-manager"}, {"gtk.gtk4", "home-manager"},
		{"programs.alacritty", "home-manager"}, {"programs.kitty", "home-manager"}, {"programs.lsd", "home-manager"},
		{"programs.helix", "home-manager"}, {"programs.zathura", "home-manager"}, {"programs.rofi", "home-manager"}, {"programs.mpv", "home-manager"},
		{"programs.git.userName", "home-manager"}, {"programs.git.userEmail", "home-manager"}, {"programs.git.settings", "home-manager"},
		{"programs.git.signing", "home-manager"}, {"programs.git.extraConfig", "home-manager"}, {"programs.git.ignores", "home-manager"},
		{"programs.zsh.initContent", "home-manager"}, {"programs.zsh.initExtra", "home-manager"}, {"programs.zsh.dotDir", "home-manager"},
		{"programs.zsh.history", "home-manager"}, {"programs.zsh.oh-my-zsh", "home-manager"}, {"programs.zsh.autosuggestion", "home-manager"},
		{"programs.firefox.profiles", "home-manager"}, {"programs.vscode.profiles", "home-manager"}, {"programs.neovim.plugins", "home-manager"},
		{"programs.neovim.extraPackages", "home-manager"}, {"programs.neovim.extraLuaConfig", "home-manager"}, {"programs.ssh.matchBlocks", "home-manager"},
		{"programs.fzf.enableZshIntegration", "home-manager"}, {"programs.plasma", "home-manager"},
		{"services.gpg-agent", "home-manager"}, {"services.dunst", "home-manager"}, {"services.mako", "home-manager"},
		{"systemd.user.startServices", "home-manager"}, {"systemd.user.sessionVariables", "home-manager"}, {"xdg.mimeApps", "home-manager"},
		{"xdg.desktopEntries", "home-manager"}, {"xdg.configHome", "home-manager"},
		{"homebrew", "nix-darwin"}, {"system.defaults", "nix-darwin"}, {"launchd", "nix-darwin"},
	}
	homeForeign = []foreignOption{
		{"boot", "NixOS"}, {"fileSystems", "NixOS"}, {"swapDevices", "NixOS"}, {"networking", "NixOS"}, {"users.users", "NixOS"},
		{"users.groups", "NixOS"}, {"environment.systemPackages", "NixOS"}, {"environment.etc", "NixOS"},
		{"hardware", "NixOS"}, {"virtualisation", "NixOS"}, {"nixpkgs.hostPlatform", "NixOS"}, {"system.stateVersion", "NixOS"},
		{"i18n.defaultLocale", "NixOS"}, {"time.timeZone", "NixOS"}, {"console.keyMap", "NixOS"}, {"systemd.services", "NixOS"},
		{"security.sudo", "NixOS"}, {"security.pam", "NixOS"}, {"security.rtkit", "NixOS"}, {"services.xserver", "NixOS"},
		{"services.openssh", "NixOS"}, {"services.printing", "NixOS"}, {"services.avahi", "NixOS"}, {"services.displayManager", "NixOS"},
		{"services.desktopManager", "NixOS"}, {"services.resolved", "NixOS"}, {"services.fwupd", "NixOS"}, {"services.udev", "NixOS"},
		{"services.tailscale", "NixOS"}, {"services.btrfs", "NixOS"}, {"services.pulseaudio", "NixOS"},
		{"programs.nix-ld", "NixOS"}, {"i18n.supportedLocales", "NixOS"}, {"i18n.extraLocaleSettings", "NixOS"}, {"console.font", "NixOS"},
		{"nix.optimise", "NixOS"}, {"systemd.tmpfiles", "NixOS"}, {"zramSwap", "NixOS"}, {"powerManagement", "NixOS"}, {"documentation", "NixOS"},
		{"homebrew", "nix-darwin"}, {"system.defaults", "nix-darwin"},
	}
)

// foreignOptions reports the modules of an evaluation that set options of
// another kind of modules, each once.
func (r *Repo) foreignOptions(h *repo.Host, e *repo.Evaluation, foreign []foreignOption) {
	own := "NixOS"
	if e != h.System {
		own = "home-manager"
	}
	reported := make(map[*repo.Module]bool)
	for _, option := range foreign {
		path := strings.Split(option.path, ".")
		for _, def := range r.Model.Written(e, path...) {
			if reported[def.Module] || !def.Module.Certain || !isWritten(def.At, path) || r.declaresRoot(e, path) {
				continue
			}
			reported[def.Module] = true
			d := diagnostic.Diagnostic{
				File: r.Model.Rel(def.At.File), Span: def.At.Span(),
				Message: fmt.Sprintf("`%s` is an option of %s, but the module is one of %s, for %s", option.path, option.kind, own, ofEvaluation(h, e)),
			}
			if !r.Model.Arguments(h, e).Sure {
				d.Severity = diagnostic.Warning
			}
			for _, imp := range e.Imports {
				if imp.Certain && imp.Target != "" && imp.Target == def.Module.File && imp.At.IsValid() && r.Model.Rel(imp.At.File) != "" {
					d.Related = r.related(def.At, fmt.Sprintf("`%s` is set here", option.path))
					d.File, d.Span = r.Model.Rel(imp.At.File), imp.At.Span()
					d.Message = fmt.Sprintf("`%s` is a module for %s, and is imported into %s, for %s", imp.Target, option.kind, own, ofEvaluation(h, e))
					break
				}
			}
			d.Help = kindHelp(option.kind, own)
			r.Report(d)
		}
	}
}

// isWritten reports whether a place is the last name of an option's path, and
// not something of which it is only not known what it defines.
func isWritten(at eval.Place, path []string) bool {
	if !at.IsValid() {
		return false
	}
	name, ok := parser.StaticName(at.Syntax())
	return ok && name == path[len(path)-1]
}

func kindHelp(kind, own string) string {
	switch {
	case kind == "home-manager":
		return "import it in the home of a user: `home-manager.users.NAME.imports`"
	case own == "home-manager":
		return "import it in the modules of the host"
	}
	return "import it where modules of " + kind + " are"
}

// declaresRoot reports whether a module of an evaluation declares options below
// the first name of a path, or something that makes aliases may do so.
func (r *Repo) declaresRoot(e *repo.Evaluation, path []string) bool {
	ev := e.Evaluator()
	for _, mod := range e.Modules {
		options := mod.Attrs.Get("options")
		if options == nil {
			if mod.Attrs.Rest != nil {
				if _, missing := ev.Select(mod.Attrs, "options", eval.Place{}).(*eval.Error); !missing {
					return true
				}
			}
			continue
		}
		set, ok := ev.Force(options.Value).(*eval.Attrs)
		if !ok || set.Rest != nil || set.Get(path[0]) != nil {
			return true
		}
	}
	return slices.ContainsFunc(e.Imports, func(imp *repo.Import) bool { return isAliasOf(ev, imp, path[0]) })
}

// isAliasOf reports whether a module that is not known is made of a path that
// begins with a name, as mkAliasOptionModule makes it.
func isAliasOf(ev *eval.Evaluator, imp *repo.Import, root string) bool {
	u, ok := imp.Value.(*eval.Unknown)
	if !ok || u.Func == nil || len(u.Args) == 0 {
		return false
	}
	list, ok := ev.Force(u.Args[0]).(*eval.List)
	if !ok || len(list.Elems) == 0 {
		return true
	}
	name, ok := ev.Force(list.Elems[0]).(eval.String)
	return !ok || string(name) == root
}
