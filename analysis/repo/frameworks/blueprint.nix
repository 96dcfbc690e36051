# blueprint: hosts, users and modules by their place in folders. The flake is a
# function.
{
  lib,
  nixosSystem,
  darwinSystem,
  homeManagerConfiguration,
  pkgs,
  unknown,
  ...
}:
let
  # The folders and Nix files in a folder, by their name without ending.
  entries =
    folder:
    let
      named =
        file: kind:
        if kind == "directory" then
          [
            (lib.nameValuePair file {
              path = folder + "/${file}";
              isFolder = true;
            })
          ]
        else
          [ ];
      bare =
        file: kind:
        if kind != "directory" && lib.hasSuffix ".nix" file then
          [
            (lib.nameValuePair (lib.removeSuffix ".nix" file) {
              path = folder + "/${file}";
              isFolder = false;
            })
          ]
        else
          [ ];
      all = builtins.readDir folder;
      list = f: builtins.listToAttrs (lib.concatLists (lib.mapAttrsToList f all));
    in
    if builtins.pathExists folder then list named // list bare else { };

  blueprint =
    {
      inputs,
      prefix ? null,
      nixpkgs ? { },
      systems ? [ ],
    }:
    let
      flake = inputs.self;
      src =
        if prefix == null then
          inputs.self
        else if builtins.isPath prefix then
          prefix
        else
          "${inputs.self}/${prefix}";
      specialArgs = {
        inherit inputs flake;
        self = throw "self was renamed to flake";
      };
      perSystem = {
        _module.args.perSystem = unknown "perSystem";
      };
      homesOf =
        host:
        lib.filterAttrs (_: path: path != null) (
          lib.mapAttrs (
            _: entry:
            if !entry.isFolder then
              entry.path
            else if builtins.pathExists (entry.path + "/home-configuration.nix") then
              entry.path + "/home-configuration.nix"
            else
              null
          ) (entries (host + "/users"))
        );
      withHomes =
        host: homeManager:
        let
          users = homesOf host;
        in
        lib.optional (users != { }) {
          imports = [ homeManager ];
          home-manager = {
            inherit users;
            sharedModules = [ perSystem ];
            extraSpecialArgs = specialArgs;
            useGlobalPkgs = lib.mkDefault true;
            useUserPackages = lib.mkDefault true;
          };
        };
      system =
        build: homeManager: name: host: file:
        build {
          specialArgs = specialArgs // {
            hostName = name;
          };
          modules = [
            perSystem
            (host + "/${file}")
          ]
          ++ withHomes host homeManager;
        };
      load =
        name: entry:
        let
          has = file: builtins.pathExists (entry.path + "/${file}");
          nixos = system nixosSystem inputs.home-manager.nixosModules.default name entry.path;
        in
        if !entry.isFolder then
          null
        else if has "default.nix" then
          import (entry.path + "/default.nix") {
            inherit flake inputs;
            hostName = name;
          }
        else if has "configuration.nix" then
          {
            class = "nixos";
            value = nixos "configuration.nix";
          }
        else if has "rpi-configuration.nix" then
          {
            class = "nixos";
            value = nixos "rpi-configuration.nix";
          }
        else if has "darwin-configuration.nix" then
          {
            class = "nix-darwin";
            value =
              system darwinSystem inputs.home-manager.darwinModules.default name entry.path
                "darwin-configuration.nix";
          }
        else
          null;
      folders = entries (src + "/hosts");
      hosts = lib.filterAttrs (_: host: host != null) (lib.mapAttrs load folders);
      ofClass =
        class: lib.mapAttrs (_: host: host.value) (lib.filterAttrs (_: host: host.class == class) hosts);
      standalone = lib.concatMapAttrs (
        name: entry:
        lib.mapAttrs' (
          user: path:
          lib.nameValuePair "${user}@${name}" (homeManagerConfiguration {
            inherit pkgs;
            extraSpecialArgs = specialArgs;
            modules = [
              perSystem
              path
            ];
          })
        ) (homesOf entry.path)
      ) (lib.filterAttrs (name: entry: entry.isFolder && !(hosts ? ${name})) folders);
      # A module that asks for nothing but what its own flake has is called with that.
      publish =
        path:
        let
          module = import path;
          own = { inherit flake inputs; };
        in
        if
          builtins.isFunction module
          && lib.all (name: own ? ${name}) (lib.attrNames (lib.functionArgs module))
        then
          {
            _file = path;
            imports = [ (module own) ];
          }
        else
          path;
      modules = lib.mapAttrs (
        _: class: lib.mapAttrs (_: entry: publish entry.path) (entries class.path)
      ) (lib.filterAttrs (_: entry: entry.isFolder) (entries (src + "/modules")));
    in
    unknown "outputs"
    // {
      nixosConfigurations = ofClass "nixos";
      darwinConfigurations = ofClass "nix-darwin";
      homeConfigurations = standalone;
      inherit modules;
      nixosModules = modules.nixos or { };
      darwinModules = modules.darwin or { };
      homeModules = modules.home or { };
    }
    // lib.optionalAttrs (builtins.pathExists (src + "/lib/default.nix")) {
      lib = import (src + "/lib") { inherit flake inputs; };
    };
in
{
  __functor = _: blueprint;
  lib.mkBlueprint = blueprint;
}
