# nixos-unified, before: nixos-flake. A folder `configurations` of systems, or
# functions that make systems of modules.
{
  lib,
  mkFlake,
  nixosSystem,
  darwinSystem,
  homeManagerConfiguration,
  pkgs,
  unknown,
  ...
}:
let
  # The Nix files of a folder, and the folders with a default.nix.
  entries =
    folder: f:
    let
      entry =
        file: kind:
        if kind == "regular" && lib.hasSuffix ".nix" file then
          [ (lib.nameValuePair (lib.removeSuffix ".nix" file) (f "${folder}/${file}")) ]
        else if kind == "directory" && builtins.pathExists "${folder}/${file}/default.nix" then
          [ (lib.nameValuePair file (f "${folder}/${file}")) ]
        else
          [ ];
    in
    if builtins.pathExists folder then
      builtins.listToAttrs (lib.concatLists (lib.mapAttrsToList entry (builtins.readDir folder)))
    else
      { };

  builders =
    {
      self,
      inputs,
      config,
      ...
    }:
    let
      specialArgs = {
        flake = { inherit self inputs config; };
      };
      homes = {
        home-manager = {
          useGlobalPkgs = true;
          useUserPackages = true;
          extraSpecialArgs = specialArgs;
        };
      };
    in
    rec {
      specialArgsFor = {
        common = specialArgs;
        nixos = specialArgs;
        darwin = specialArgs // {
          rosettaPkgs = pkgs;
        };
      };
      mkLinuxSystem =
        settings: module:
        nixosSystem {
          inherit specialArgs;
          modules = [
            (unknown "nixosModules")
            module
          ]
          ++ lib.optionals (settings.home-manager or false) [
            inputs.home-manager.nixosModules.home-manager
            homes
          ];
        };
      mkMacosSystem =
        settings: module:
        darwinSystem {
          specialArgs = specialArgsFor.darwin;
          modules = [
            (unknown "darwinModules")
            module
          ]
          ++ lib.optionals (settings.home-manager or false) [
            inputs.home-manager.darwinModules.home-manager
            homes
          ];
        };
      mkHomeConfiguration =
        pkgs: module:
        homeManagerConfiguration {
          inherit pkgs;
          extraSpecialArgs = specialArgs;
          modules = [ module ];
        };
    };

  default = args: {
    flake.nixos-unified.lib = builders args;
    flake.nixos-flake.lib = builders args;
  };
  autoWire =
    { self, ... }@args:
    let
      made = builders args;
    in
    {
      flake = {
        nixosConfigurations = entries "${self}/configurations/nixos" (
          made.mkLinuxSystem { home-manager = true; }
        );
        darwinConfigurations = entries "${self}/configurations/darwin" (
          made.mkMacosSystem { home-manager = true; }
        );
        homeConfigurations = entries "${self}/configurations/home" (made.mkHomeConfiguration pkgs);
        nixosModules = entries "${self}/modules/nixos" (file: file);
        darwinModules = entries "${self}/modules/darwin" (file: file);
        homeModules = entries "${self}/modules/home" (file: file);
        overlays = entries "${self}/overlays" (file: import file made.specialArgsFor.common);
      };
    };
  # These take the arguments that they name.
  module =
    f:
    {
      self,
      inputs,
      config,
      ...
    }:
    f { inherit self inputs config; };
in
{
  flakeModule = module default;
  flakeModules = {
    default = module default;
    autoWire = module autoWire;
  };
  # The files of the first of these folders that there is; autoWire is no part of it.
  lib.mkFlake =
    {
      inputs,
      root,
      systems ? [ ],
      specialArgs ? { },
    }:
    let
      folders = builtins.filter builtins.pathExists (
        map (folder: "${root}/${folder}") [
          "nix/modules/flake"
          "modules/flake"
          "nix/modules/flake-parts"
          "modules/flake-parts"
        ]
      );
    in
    mkFlake { inherit inputs specialArgs; } {
      inherit systems;
      _module.args = { inherit root; };
      imports = lib.concatMap (
        folder: map (file: "${folder}/${file}") (builtins.attrNames (builtins.readDir folder))
      ) (lib.take 1 folders);
    };
}
