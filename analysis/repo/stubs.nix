# What modules of NixOS or nix-darwin that are not at hand declare, as far as it changes how
# other modules are evaluated. `unknown` holds what is not known. Modules not at
# hand are taken to add nothing to options that are marked as complete.
{
  _class,
  config,
  extendModules,
  lib,
  unknown,
  ...
}:
let
  inherit (lib) mkOption types;
  complete = declaration: mkOption declaration // { complete = true; };
in
{
  options = {
    assertions = mkOption {
      type = types.listOf types.unspecified;
      default = [ ];
    };
    warnings = mkOption {
      type = types.listOf types.str;
      default = [ ];
    };
    specialisation = mkOption {
      default = { };
      type = types.attrsOf (
        types.submodule (
          { config, ... }:
          {
            options.inheritParentConfig = mkOption {
              type = types.bool;
              default = true;
            };
            options.configuration = mkOption {
              # A specialisation has none of its own. One that begins anew has modules of
              # NixOS alone, of which nothing is at hand.
              type =
                if config.inheritParentConfig then
                  (extendModules { modules = [ { specialisation = lib.mkOverride 0 { }; } ]; }).type
                else
                  types.raw;
              default = { };
            };
          }
        )
      );
    };
    home-manager = {
      extraSpecialArgs = complete {
        type = types.attrs;
        default = { };
      };
      sharedModules = complete {
        type = types.listOf types.raw;
        default = [ ];
      };
      users = complete {
        default = { };
        type = types.attrsOf (
          types.submoduleWith {
            class = "homeManager";
            modules = [ unknown.homeManager ] ++ config.home-manager.sharedModules;
            specialArgs = {
              inherit (unknown) pkgs modulesPath;
              lib = unknown.withHome lib;
              osClass = _class;
              osConfig = config;
              ${if _class == "darwin" then "darwinConfig" else "nixosConfig"} = config;
            }
            // config.home-manager.extraSpecialArgs;
          }
        );
      };
    };
  };
}
