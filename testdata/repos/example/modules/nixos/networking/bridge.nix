# A bridge by which guests get addresses from the router of the house.
{ config, lib, ... }:

let
  cfg = config.modules.networking.bridge;
in
{
  options.modules.networking.bridge = {
    enable = lib.mkEnableOption "a bridge for guests";

    name = lib.mkOption {
      type = lib.types.str;
      default = "br0";
      description = "Name of the bridge.";
    };

    interfaces = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      example = [ "enp8s0" ];
      description = "Links that belong to the bridge. They cannot have addresses of their own.";
    };
  };

  config = lib.mkIf cfg.enable {
    networking = {
      bridges.${cfg.name}.interfaces = cfg.interfaces;
      interfaces.${cfg.name}.useDHCP = true;
    };

    virtualisation.libvirtd.allowedBridges = [ cfg.name ];

    assertions = [
      {
        assertion = cfg.interfaces != [ ];
        message = "modules.networking.bridge.interfaces is empty: the bridge would lead nowhere.";
      }
    ];
  };
}
