# snowfall-lib: systems, homes, modules and functions by their place in folders.
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
  foldersIn =
    folder:
    if builtins.pathExists folder then
      lib.attrNames (lib.filterAttrs (_: kind: kind == "directory") (builtins.readDir folder))
    else
      [ ];
  # The folders below one that hold a default.nix, at any depth, by their path.
  units =
    folder: prefix:
    lib.optional (builtins.pathExists "${folder}/default.nix") {
      name = prefix;
      value = "${folder}/default.nix";
    }
    ++ lib.concatMap (
      name: units "${folder}/${name}" (if prefix == "" then name else "${prefix}/${name}")
    ) (foldersIn folder);
  modulesIn = folder: builtins.listToAttrs (units folder "");

  mkFlake =
    { inputs, src, ... }@settings:
    let
      snowfall = settings.snowfall or { };
      root = snowfall.root or src;
      namespace = snowfall.namespace or "internal";
      others = removeAttrs inputs [ "self" ];
      libraries = lib.mapAttrs (_: input: input.lib) (
        lib.filterAttrs (_: input: builtins.isAttrs (input.lib or null)) others
      );
      base = lib // unknown "lib" // libraries // { snowfall = unknown "snowfall"; } // lib;
      own = lib.foldl' lib.recursiveUpdate { } (
        map (
          unit:
          let
            value = import unit.value;
            given = {
              inputs = others;
              snowfall-inputs = unknown "inputs";
              inherit namespace;
              lib = base // {
                ${namespace} = unknown "functions" // own;
              };
            };
          in
          if lib.isFunction value then
            value (
              if lib.functionArgs value == { } then given else lib.intersectAttrs (lib.functionArgs value) given
            )
          else
            value
        ) (units "${root}/lib" "")
      );
      library = base // {
        ${namespace} = unknown "functions" // own;
      };
      homeLibrary = library // {
        hm = unknown "hm";
      };

      # Files: what snowfall-lib gives to modules beside, systems have anyway.
      modules = class: modulesIn "${root}/modules/${class}";

      homes = lib.concatMap (
        system:
        map
          (
            name:
            let
              parts = lib.splitString "@" name;
            in
            {
              inherit name system;
              file = "${root}/homes/${system}/${name}/default.nix";
              user = lib.head parts;
              host = if lib.length parts > 1 then lib.last parts else "";
            }
          )
          (
            builtins.filter (name: builtins.pathExists "${root}/homes/${system}/${name}/default.nix") (
              foldersIn "${root}/homes/${system}"
            )
          )
      ) (foldersIn "${root}/homes");
      homeArgs = {
        inherit inputs namespace;
        format = "home";
        virtual = false;
        systems = { };
      };
      userSettings = name: (settings.homes or { }).users.${name} or { };
      homeModules = lib.attrValues (modules "home") ++ (settings.homes or { }).modules or [ ];
      makeHome =
        home:
        lib.nameValuePair home.name (homeManagerConfiguration {
          inherit pkgs;
          lib = homeLibrary;
          extraSpecialArgs =
            homeArgs
            // {
              inherit (home)
                name
                system
                user
                host
                ;
            }
            // (userSettings home.name).specialArgs or { };
          modules = [
            home.file
            (unknown "homeModule")
          ]
          ++ homeModules
          ++ (userSettings home.name).modules or [ ];
        });

      isDarwin = lib.hasInfix "darwin";
      virtual = builtins.match ".*-(linux|darwin)";
      targets = lib.concatMap (
        target:
        map (name: { inherit name target; }) (
          builtins.filter (name: builtins.pathExists "${root}/systems/${target}/${name}/default.nix") (
            foldersIn "${root}/systems/${target}"
          )
        )
      ) (foldersIn "${root}/systems");
      systems = settings.systems or { };
      makeSystem =
        { name, target }:
        let
          class = if isDarwin target then "darwin" else "nixos";
          host = (systems.hosts or { }).${name} or { };
          isVirtual = virtual target == null;
          fitting = builtins.filter (
            home: home.host == name || home.host == "" && home.system == target
          ) homes;
          hasHomes = inputs ? home-manager;
        in
        lib.nameValuePair name (
          (if class == "darwin" then darwinSystem else nixosSystem) {
            specialArgs = host.specialArgs or { } // {
              inherit target inputs namespace;
              system = if isVirtual then unknown "system" else target;
              systems = unknown "systems";
              lib = library;
              host = name;
              virtual = isVirtual;
              format =
                if isVirtual then
                  unknown "format"
                else if class == "darwin" then
                  "darwin"
                else
                  "linux";
            };
            modules = [
              "${root}/systems/${target}/${name}/default.nix"
              (unknown "userModule")
            ]
            ++ lib.attrValues (modules class)
            ++ host.modules or [ ]
            ++ (systems.modules or { }).${class} or [ ]
            ++ lib.optionals hasHomes [
              inputs.home-manager."${class}Modules".home-manager
              {
                home-manager = {
                  extraSpecialArgs = homeArgs // {
                    inherit target;
                    system = if isVirtual then unknown "system" else target;
                    host = name;
                    lib = homeLibrary;
                  };
                  sharedModules = [ (unknown "homeModule") ] ++ homeModules;
                  users = builtins.listToAttrs (
                    map (
                      home:
                      lib.nameValuePair home.user {
                        imports = [ home.file ] ++ (userSettings home.name).modules or [ ];
                        _module.args = {
                          inherit namespace;
                        }
                        // (userSettings home.name).specialArgs or { };
                      }
                    ) fitting
                  );
                };
              }
            ];
          }
        );
      made =
        class:
        builtins.listToAttrs (
          map makeSystem (builtins.filter (t: isDarwin t.target == (class == "darwin")) targets)
        );
    in
    unknown "outputs"
    // removeAttrs settings [
      "inputs"
      "src"
      "snowfall"
      "systems"
      "homes"
      "modules"
      "overlays"
      "packages"
      "outputs-builder"
      "channels-config"
      "templates"
      "checks"
      "alias"
    ]
    // {
      nixosConfigurations = made "nixos";
      darwinConfigurations = made "darwin";
      homeConfigurations = builtins.listToAttrs (map makeHome homes);
      nixosModules = modules "nixos" // (settings.modules or { }).nixos or { };
      darwinModules = modules "darwin" // (settings.modules or { }).darwin or { };
      homeModules = modules "home" // (settings.modules or { }).home or { };
      lib = own;
    };
  # What mkLib gives is called with settings that it has got already.
  mkLib =
    given:
    unknown "lib"
    // {
      mkFlake = settings: mkFlake (given // settings);
    };
in
{
  inherit mkFlake mkLib;
}
