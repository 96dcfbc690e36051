# clan-core: machines by their folders and by `machines` and `inventory.machines`.
# What services of the inventory add to machines is not known.
{
  lib,
  nixosSystem,
  darwinSystem,
  unknown,
  ...
}:
let
  inherit (lib) mkOption types;
  anything =
    modules:
    types.submoduleWith {
      modules = [ { freeformType = types.lazyAttrsOf types.unspecified; } ] ++ modules;
    };
  clan =
    self:
    { config, ... }:
    let
      machines = "${config.directory}/machines";
      folders =
        if builtins.pathExists machines then
          lib.filterAttrs (_: kind: kind == "directory") (builtins.readDir machines)
        else
          { };
      file = "${config.directory}/inventory.json";
      recorded =
        if builtins.pathExists file then
          (builtins.fromJSON (builtins.readFile file)).machines or { }
        else
          { };
      names = lib.attrNames (folders // recorded // config.inventory.machines // config.machines);
      classOf =
        name: config.inventory.machines.${name}.machineClass or recorded.${name}.machineClass or "nixos";
      make =
        name:
        (if classOf name == "darwin" then darwinSystem else nixosSystem) {
          specialArgs = {
            clan-core = unknown "clan-core";
            inherit self;
          }
          // config.specialArgs;
          modules = [
            (unknown "machineModules")
            { networking.hostName = lib.mkDefault name; }
            (config.machines.${name} or { })
          ]
          ++ builtins.filter builtins.pathExists (
            map (file: "${machines}/${name}/${file}") [
              "configuration.nix"
              "hardware-configuration.nix"
              "disko.nix"
            ]
          );
        };
      ofClass = class: lib.genAttrs (builtins.filter (name: classOf name == class) names) make;
    in
    {
      options = {
        directory = mkOption {
          type = types.raw;
          default = self;
        };
        specialArgs = mkOption {
          type = types.lazyAttrsOf types.raw;
          default = { };
        };
        machines = mkOption {
          type = types.lazyAttrsOf types.deferredModule;
          default = { };
        };
        inventory = mkOption {
          default = { };
          type = anything [
            {
              options.machines = mkOption {
                type = types.lazyAttrsOf (anything [ ]);
                default = { };
              };
            }
          ];
        };
        nixosConfigurations = mkOption {
          type = types.raw;
          default = ofClass "nixos";
        };
        darwinConfigurations = mkOption {
          type = types.raw;
          default = ofClass "darwin";
        };
        clanInternals = mkOption {
          type = types.raw;
          default = unknown "clanInternals";
        };
        nixosModules = mkOption {
          type = types.raw;
          default = unknown "nixosModules";
        };
        darwinModules = mkOption {
          type = types.raw;
          default = unknown "darwinModules";
        };
      };
      config._module.freeformType = types.lazyAttrsOf types.unspecified;
    };
  # Both the evaluation and, as it once was, what it evaluates to.
  make =
    args:
    let
      made = lib.evalModules {
        class = "clan";
        specialArgs.self = args.self or args.directory or null;
        modules = [
          (clan (args.self or args.directory))
          (removeAttrs args [ "self" ])
        ];
      };
    in
    made.config // { inherit (made) config options; };
  flakeModule =
    { self, config, ... }:
    let
      made = lib.evalModules {
        class = "clan";
        specialArgs = { inherit self; };
        modules = [
          (clan self)
          {
            imports = [
              (config.flake.clan or { })
              (config.clan or { })
            ];
          }
        ];
      };
    in
    {
      config.flake = {
        inherit (made.config) nixosConfigurations darwinConfigurations clanInternals;
      };
    };
in
{
  lib = {
    clan = make;
    buildClan = make;
  };
  flakeModules.default = flakeModule;
}
