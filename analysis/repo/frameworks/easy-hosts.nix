# easy-hosts: a module for flake-parts that makes systems of the options below
# `easy-hosts`, once `easyHosts`, and of folders named for them.
{
  lib,
  nixosSystem,
  darwinSystem,
  unknown,
  ...
}:
let
  inherit (lib) mkOption types;
  # What is merged by more than its name.
  parts = {
    modules = mkOption {
      type = types.listOf types.raw;
      default = [ ];
    };
    specialArgs = mkOption {
      type = types.lazyAttrsOf types.raw;
      default = { };
    };
  };
  group =
    options:
    types.submoduleWith {
      modules = [
        {
          inherit options;
          freeformType = types.lazyAttrsOf types.raw;
        }
      ];
    };
  settings = mkOption {
    default = { };
    type = group {
      shared = mkOption {
        type = group parts;
        default = { };
      };
      hosts = mkOption {
        type = types.lazyAttrsOf (group parts);
        default = { };
      };
    };
  };

  module =
    {
      self,
      inputs,
      config,
      ...
    }:
    let
      cfg = lib.recursiveUpdateUntil (
        _: a: b:
        !builtins.isAttrs a || !builtins.isAttrs b
      ) config.easyHosts config.easy-hosts;
      classes = {
        linux = "nixos";
      }
      // cfg.additionalClasses or { };
      classOf = class: classes.${class} or class;
      # The hosts in folders named for a system, such as x86_64-linux.
      hostsIn =
        folder: system:
        let
          parts = builtins.match "([^-]*)-(.*)" system;
        in
        lib.mapAttrs (name: _: {
          arch = builtins.elemAt parts 0;
          class = builtins.elemAt parts 1;
          path = "${folder}/${name}";
        }) (builtins.readDir folder);
      found =
        if !(cfg.autoConstruct or false) then
          { }
        else if cfg.onlySystem or null != null then
          hostsIn cfg.path cfg.onlySystem
        else
          lib.foldl' (acc: system: acc // hostsIn "${cfg.path}/${system}" system) { } (
            lib.attrNames (lib.filterAttrs (_: kind: kind == "directory") (builtins.readDir cfg.path))
          );
      hosts = found // lib.mapAttrs (name: host: found.${name} or { } // host) (cfg.hosts or { });
      isDarwin = host: classOf (host.class or "nixos") == "darwin";
      make =
        name: host:
        let
          class = classOf (host.class or "nixos");
          shared = cfg.shared or { };
          perClass = if cfg ? perClass then cfg.perClass (host.class or "nixos") else { };
          ofAll = attr: empty: [
            (host.${attr} or empty)
            (shared.${attr} or empty)
            (perClass.${attr} or empty)
          ];
          path = host.path or null;
        in
        (if class == "darwin" then darwinSystem else nixosSystem) {
          specialArgs = lib.foldl' lib.recursiveUpdate { inherit inputs self; } (ofAll "specialArgs" { });
          modules =
            (
              if path != null then
                [ path ]
              else
                builtins.filter builtins.pathExists [
                  "${self}/hosts/${name}/default.nix"
                  "${self}/systems/${name}/default.nix"
                ]
            )
            ++ [
              {
                _module.args = {
                  self' = unknown "self'";
                  inputs' = unknown "inputs'";
                };
                networking.hostName = lib.mkDefault name;
              }
            ]
            ++ lib.concatLists (ofAll "modules" [ ]);
        };
    in
    {
      options = {
        easyHosts = settings;
        easy-hosts = settings;
      };
      config.flake = {
        nixosConfigurations = lib.mapAttrs make (lib.filterAttrs (_: host: !isDarwin host) hosts);
        darwinConfigurations = lib.mapAttrs make (lib.filterAttrs (_: isDarwin) hosts);
      };
    };
in
{
  flakeModule = module;
  flakeModules.default = module;
}
