# flake-parts: outputs made by modules, of which those for one system are not known.
# Beside attributes of the flake, `module` declares what changes the outputs, and
# `args` are arguments of modules.
{
  lib,
  mkFlake,
  pkgs,
  unknown,
  ...
}:
let
  inherit (lib) mkOption types;
  modules = mkOption {
    type = types.lazyAttrsOf types.deferredModule;
    default = { };
  };
  systems = mkOption {
    type = types.lazyAttrsOf types.raw;
    default = { };
  };
  ofSystem = system: unknown "perSystem" // { inherit pkgs system; };
  inside = options: mkOption { type = types.submoduleWith { modules = [ { inherit options; } ]; }; };
  ofEverySystem =
    module: mkOption { type = types.deferredModuleWith { staticModules = [ module ]; }; };
in
{
  lib = {
    inherit mkFlake;
  };
  # Their options are declared anyway, or change no host.
  flakeModules = {
    modules = { };
    flakeModules = { };
    easyOverlay = { };
    partitions = { };
    bundlers = { };
    touchup = { };
  };
  module = {
    options.flake = mkOption {
      default = { };
      type = types.submoduleWith {
        modules = [
          {
            options = {
              nixosConfigurations = systems;
              darwinConfigurations = systems;
              homeConfigurations = systems;
              nixosModules = modules;
              darwinModules = modules;
              homeModules = modules;
              homeManagerModules = modules;
              flakeModules = modules;
              modules = mkOption {
                type = types.lazyAttrsOf (types.lazyAttrsOf types.deferredModule);
                default = { };
              };
            };
          }
        ];
      };
    };
  };
  args = {
    getSystem = ofSystem;
    withSystem = system: f: f (ofSystem system);
    moduleWithSystem = module: { config, ... }: {
      imports = [ (module (ofSystem (unknown "system"))) ];
    };
    flake-parts-lib = unknown "lib" // {
      mkSubmoduleOptions = inside;
      mkPerSystemOption = ofEverySystem;
      mkDeferredModuleOption = ofEverySystem;
      importApply = file: args: {
        _file = file;
        imports = [ (import file args) ];
      };
      importAndPublish = name: module: {
        imports = [ module ];
        flake.modules.flake.${name} = module;
      };
      mkTransposedPerSystemModule =
        {
          name,
          option,
          file,
        }:
        {
          _file = file;
          options.flake.${name} = mkOption {
            type = types.lazyAttrsOf types.raw;
            default = unknown name;
          };
        };
    };
  };
}
