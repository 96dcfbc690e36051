# How the machine gets on the network.
{ config, lib, ... }:

let
  cfg = config.modules.networking.base;
in
{
  options.modules.networking.base = {
    enable = lib.mkEnableOption "the network";

    manager = lib.mkOption {
      type = lib.types.enum [
        "networkmanager"
        "networkd"
      ];
      default = "networkmanager";
      description = "Who brings links up: NetworkManager where people roam, networkd on servers.";
    };
  };

  config = lib.mkIf cfg.enable {
    networking = {
      networkmanager.enable = cfg.manager == "networkmanager";
      useNetworkd = cfg.manager == "networkd";
    };
  };
}
