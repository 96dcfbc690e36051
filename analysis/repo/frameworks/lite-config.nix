# lite-config: a module for flake-parts that makes systems of the options below
# `lite-config`.
{
  lib,
  nixosSystem,
  darwinSystem,
  homeManagerConfiguration,
  pkgs,
  unknown,
  ...
}:
{
  flakeModule =
    { inputs, config, ... }:
    let
      cfg = config.lite-config;
      isDarwin = host: lib.hasSuffix "-darwin" host.system;
      module = host: {
        hostPlatform = unknown "hostPlatform" // {
          inherit (host) system;
          isDarwin = isDarwin host;
          isLinux = !isDarwin host;
        };
      };
      args =
        host: (unknown "specialArgs" // { inherit inputs; } // module host) // cfg.extraSpecialArgs or { };
      homes = cfg.homeModules or [ ];
      make =
        name: host:
        (if isDarwin host then darwinSystem else nixosSystem) {
          specialArgs = args host;
          modules = [
            (host.hostModule or "${cfg.hostModuleDir}/${name}")
            { networking.hostName = name; }
          ]
          ++ cfg.systemModules or [ ]
          ++ lib.optionals (homes != [ ]) [
            (unknown "homeModule")
            {
              home-manager = {
                sharedModules = homes;
                useGlobalPkgs = true;
                extraSpecialArgs = args host;
              };
            }
          ];
        };
      hosts = cfg.hosts or { };
    in
    {
      options.lite-config = lib.mkOption {
        type = lib.types.submoduleWith {
          modules = [ { freeformType = lib.types.lazyAttrsOf lib.types.raw; } ];
        };
        default = { };
      };
      config.flake = {
        nixosConfigurations = lib.mapAttrs make (lib.filterAttrs (_: host: !isDarwin host) hosts);
        darwinConfigurations = lib.mapAttrs make (lib.filterAttrs (_: isDarwin) hosts);
        homeConfigurations = lib.mapAttrs (
          _: module:
          homeManagerConfiguration {
            inherit pkgs;
            modules = [ module ] ++ homes;
            extraSpecialArgs = unknown "specialArgs" // {
              inherit inputs;
            };
          }
        ) (cfg.homeConfigurations or { });
      };
    };
}
