// Package repotest writes configuration repositories for tests and benchmarks.
package repotest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Size says how large a repository is.
type Size struct {
	Hosts int
	// Modules is the number of modules, of which every fourth is for home-manager.
	Modules int
	// Each is how many of them a host and its user import.
	Each int
	// Rich makes modules be written with more options and more of the library.
	Rich bool
}

// The categories of modules, each a folder and a set of the registry.
var categories = []string{
	"apps", "backup", "boot", "containers", "data", "desktop", "dev", "editors", "fonts", "games", "hardware", "impermanence", "logging",
	"mail", "media", "monitoring", "networking", "printing", "security", "services", "shell", "storage", "sync", "system", "vfio", "web",
}

// The shapes of modules: what stands in `options.modules.CATEGORY.NAME` and in
// the configuration under `mkIf cfg.enable`. OTHER is another module's name.
var systemShapes = []struct{ options, config string }{
	{`    package = lib.mkOption {
      type = lib.types.package;
      default = pkgs.NAME;
      description = "The package to use.";
    };
    port = lib.mkOption {
      type = lib.types.port;
      default = 8000;
      description = "The port it listens on.";
    };
    openFirewall = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = "Whether the port is open to others.";
    };
`, `    environment.systemPackages = [ cfg.package ];
    networking.firewall.allowedTCPPorts = lib.mkIf cfg.openFirewall [ cfg.port ];
    systemd.services.NAME = {
      description = "NAME on port ${toString cfg.port}";
      wantedBy = [ "multi-user.target" ];
      after = [ "network.target" ];
      serviceConfig.ExecStart = "${cfg.package}/bin/NAME --port ${toString cfg.port}";
    };
`},
	{`    users = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = meta.users;
      description = "Who may use it.";
    };
    level = lib.mkOption {
      type = lib.types.enum [ "low" "medium" "high" ];
      default = "medium";
      description = "How much of it there is.";
    };
`, `    boot.kernelParams = [ "NAME=${cfg.level}" ] ++ lib.optional (cfg.level == "high") "NAME.trace";
    users.users = lib.genAttrs cfg.users (_: { extraGroups = [ "NAME" ]; });
    users.groups.NAME = { };
`},
	{`    sites = lib.mkOption {
      type = lib.types.attrsOf (lib.types.submodule {
        options = {
          url = lib.mkOption {
            type = lib.types.str;
            description = "Where it is.";
          };
          weight = lib.mkOption {
            type = lib.types.ints.between 0 100;
            default = 50;
            description = "How much of the work it gets.";
          };
        };
      });
      default = { };
      description = "Where the work is done.";
    };
    settings = lib.mkOption {
      type = lib.types.attrs;
      default = { };
      description = "Further settings.";
    };
`, `    environment.etc."NAME.conf".text = lib.concatStringsSep "\n" (
      lib.mapAttrsToList (name: site: "${name} ${site.url} ${toString site.weight}") cfg.sites
    );
    modules.CATEGORY.OTHER.enable = lib.mkDefault true;
    assertions = [
      {
        assertion = cfg.sites != { };
        message = "NAME has no sites";
      }
    ];
`},
	{`    interval = lib.mkOption {
      type = lib.types.str;
      default = "daily";
      description = "How often it runs.";
    };
    extraConfig = lib.mkOption {
      type = lib.types.lines;
      default = "";
      description = "Lines to add to the configuration.";
    };
`, `    systemd.timers.NAME = {
      wantedBy = [ "timers.target" ];
      timerConfig.OnCalendar = cfg.interval;
    };
    systemd.services.NAME.script = ''
      ${pkgs.NAME}/bin/NAME --host ${meta.hostname}
      ${cfg.extraConfig}
    '';
    environment.variables.NAME_HOST = lib.mkIf config.modules.CATEGORY.OTHER.enable meta.hostname;
`},
}

const homeShape = `    theme = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      default = null;
      description = "The theme.";
    };
    aliases = lib.mkOption {
      type = lib.types.attrsOf lib.types.str;
      default = { };
      description = "Short names of commands.";
    };
`

const homeConfig = `    home.packages = [ pkgs.NAME ];
    programs.zsh.shellAliases = cfg.aliases;
    xdg.configFile."NAME/theme".text = lib.mkIf (cfg.theme != null) cfg.theme;
`

// What rich modules have besides.
const (
	richOptions = `    user = lib.mkOption {
      type = with lib.types; nullOr str;
      default = null;
      description = "The user that it runs as.";
    };
    plugins = lib.mkOption {
      type = with lib.types; listOf (either str (submodule {
        options.name = lib.mkOption {
          type = str;
          description = "The name of the plugin.";
        };
      }));
      default = [ "core" "extra" ];
      description = "The plugins to load.";
    };
    limits = lib.mkOption {
      type = lib.types.attrsOf lib.types.int;
      default = lib.genAttrs [ "cpu" "memory" "files" ] (_: 100);
      description = "What it may use.";
    };
    format = lib.mkOption {
      type = lib.types.enum [ "json" "toml" "ini" ];
      default = "json";
      description = "How settings are written.";
    };
`
	richConfig = `    warnings = lib.optional (lib.length cfg.plugins > 20) "NAME has many plugins";
`
	richSystem = `    environment.etc."NAME/limits.conf".text = lib.concatMapStringsSep "\n" (n: "${n} = ${toString cfg.limits.${n}}") (lib.attrNames cfg.limits);
    environment.sessionVariables = lib.mkMerge [
      { NAME_FORMAT = cfg.format; }
      (lib.mkIf (cfg.user != null) { NAME_USER = cfg.user; })
      (lib.mapAttrs' (n: v: lib.nameValuePair "NAME_LIMIT_${lib.toUpper n}" (toString v)) cfg.limits)
    ];
    systemd.tmpfiles.rules = map (p: "d /var/lib/NAME/${p.name or p} 0750 root root -") cfg.plugins;
    fonts.packages = with pkgs; [ jq ripgrep (writeShellScriptBin "NAME-check" "exec NAME --check ${lib.escapeShellArgs (lib.filter lib.isString cfg.plugins)}") ];
`
	richHome = `    home.sessionVariables = lib.mapAttrs' (n: v: lib.nameValuePair "NAME_LIMIT_${lib.toUpper n}" (toString v)) cfg.limits;
    programs.vscode.extensions = with pkgs; [ jq (writeShellScriptBin "NAME-check" "exec NAME --check") ];
`
)

const module = `{
  config,
  lib,
  pkgs,
META  ...
}:

let
  cfg = config.modules.CATEGORY.NAME;
in
{
  options.modules.CATEGORY.NAME = {
    enable = lib.mkEnableOption "NAME";

OPTIONS  };

  config = lib.mkIf cfg.enable {
CONFIG  };
}
`

// WriteLarge writes a repository into a folder. It is wired as many are: a
// registry of modules handed to all modules by mkHost, options below `modules`
// that each module turns into configuration, and homes of users.
func WriteLarge(root string, size Size) error {
	w := &writer{root: root}
	all := w.modules(size)
	w.lib(all)
	var hosts strings.Builder
	for h := range size.Hosts {
		name := fmt.Sprintf("host%02d", h)
		fmt.Fprintf(&hosts, "        %s = lib.mkHost { hostname = %q; users = [ ./users/user%02d ]; };\n", name, name, h%4)
		w.host(name, h, all, size)
	}
	for u := range 4 {
		w.user(u, all, size)
	}
	w.file("flake.nix", `{
  description = "Many machines";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    home-manager = {
      url = "github:nix-community/home-manager";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    inputs@{ nixpkgs, ... }:
    let
      lib = nixpkgs.lib.extend (final: _prev: import ./lib { lib = final; inherit inputs; });
    in
    {
      nixosConfigurations = {
`+hosts.String()+`      };
    };
}
`)
	return w.err
}

// entry is one module.
type entry struct {
	category, name string
	home           bool
	shape          int
}

func (e *entry) file() string {
	kind := "nixos"
	if e.home {
		kind = "home"
	}
	return "modules/" + kind + "/" + e.category + "/" + e.name + ".nix"
}

// writer writes files until something fails.
type writer struct {
	root string
	err  error
}

func (w *writer) file(name, text string) {
	name = filepath.Join(w.root, filepath.FromSlash(name))
	if w.err == nil {
		w.err = os.MkdirAll(filepath.Dir(name), 0o755)
	}
	if w.err == nil {
		w.err = os.WriteFile(name, []byte(text), 0o644)
	}
}

func (w *writer) modules(size Size) []entry {
	var all []entry
	for i := range size.Modules {
		e := entry{category: categories[i%len(categories)], name: fmt.Sprintf("m%d", i), home: i%4 == 3, shape: (i / 4) % len(systemShapes)}
		all = append(all, e)
		options, config, meta := homeShape, homeConfig, ""
		if !e.home {
			options, config = systemShapes[e.shape].options, systemShapes[e.shape].config
		}
		if strings.Contains(options+config, "meta.") {
			meta = "  meta,\n"
		}
		// The module that it asks about is its own neighbour, always imported with it.
		if size.Rich {
			options, config = options+richOptions, config+richConfig
			if e.home {
				config += richHome
			} else {
				config += richSystem
			}
		}
		text := strings.NewReplacer("OPTIONS", options, "CONFIG", config, "META", meta).Replace(module)
		w.file(e.file(), strings.NewReplacer("NAME", e.name, "CATEGORY.OTHER", "system.base", "CATEGORY", e.category).Replace(text))
	}
	w.file("modules/nixos/system/base.nix", `{ lib, meta, ... }:

{
  options.modules.system.base.enable = lib.mkEnableOption "what every machine has";

  config = {
    networking.hostName = meta.hostname;
    system.stateVersion = meta.stateVersion;
  };
}
`)
	return all
}

func (w *writer) lib(all []entry) {
	registry := func(home bool) string {
		var b strings.Builder
		for _, c := range categories {
			fmt.Fprintf(&b, "          %s = {\n", c)
			for i := range all {
				if e := &all[i]; e.category == c && e.home == home {
					fmt.Fprintf(&b, "            %s = \"${inputs.self}/%s\";\n", e.name, e.file())
				}
			}
			b.WriteString("          };\n")
		}
		return b.String()
	}
	w.file("lib/default.nix", `{ lib, inputs }:

{
  mkHost =
    {
      hostname,
      stateVersion ? "25.11",
      users ? [ ],
    }:
    inputs.nixpkgs.lib.nixosSystem {
      inherit lib;

      specialArgs = {
        inherit inputs;

        meta = {
          inherit hostname stateVersion;
          users = map (folder: baseNameOf (toString folder)) users;
        };

        modules.nixos = {
`+registry(false)+`        };
      };

      modules = [
        inputs.home-manager.nixosModules.home-manager
        "${inputs.self}/modules/nixos/system/base.nix"
        "${inputs.self}/hosts/${hostname}"
        {
          home-manager.extraSpecialArgs.modules.home = {
`+registry(true)+`          };
        }
      ]
      ++ users;
    };
}
`)
}

// using writes the imports and settings of those that import some of the modules.
func using(kind string, all []entry, home bool, n, from int) string {
	var of []*entry
	for i := range all {
		if all[i].home == home {
			of = append(of, &all[i])
		}
	}
	n = n * len(of) / max(1, len(all))
	var imports, settings strings.Builder
	for i := range n {
		e := of[(from+i)%len(of)]
		fmt.Fprintf(&imports, "    modules.%s.%s.%s\n", kind, e.category, e.name)
		fmt.Fprintf(&settings, "    %s.%s = {\n      enable = true;\n", e.category, e.name)
		switch {
		case home:
			fmt.Fprintf(&settings, "      theme = %q;\n", "dark")
		case e.shape == 0:
			fmt.Fprintf(&settings, "      port = %d;\n      openFirewall = true;\n", 9000+i)
		case e.shape == 1:
			settings.WriteString("      level = \"high\";\n")
		case e.shape == 2:
			settings.WriteString("      sites.main.url = \"https://example.org\";\n      sites.other = {\n        url = \"https://example.com\";\n        weight = 10;\n      };\n")
		default:
			settings.WriteString("      interval = \"weekly\";\n")
		}
		settings.WriteString("    };\n")
	}
	return "  imports = [\n" + imports.String() + "  ];\n\n  modules = {\n" + settings.String() + "  };\n"
}

func (w *writer) host(name string, h int, all []entry, size Size) {
	w.file("hosts/"+name+"/default.nix", "{ modules, ... }:\n\n{\n"+using("nixos", all, false, size.Each, h*size.Each)+`
  boot.loader.systemd-boot.enable = true;
  fileSystems."/" = {
    device = "/dev/disk/by-label/`+name+`";
    fsType = "ext4";
  };
}
`)
}

func (w *writer) user(u int, all []entry, size Size) {
	name := fmt.Sprintf("user%02d", u)
	w.file("users/"+name+"/default.nix", fmt.Sprintf(`{ ... }:

{
  users.users.%[1]s = {
    isNormalUser = true;
    extraGroups = [ "wheel" ];
  };
  home-manager.users.%[1]s = import ./home;
}
`, name))
	w.file("users/"+name+"/home/default.nix", "{ modules, ... }:\n\n{\n"+using("home", all, true, size.Each, u*size.Each)+`
  home.stateVersion = "25.11";
}
`)
}
