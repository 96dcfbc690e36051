# How the machine gets on the network.
{ config, lib, ... }:

let
  cfg = config.modules.networking.base;
in
{
  options.modules.networking.base = {
    manager = lib.mkOption {
      type = lib.types.enum [
        "networkmanager"
        "networkd"
      ];
      default = "networkmanager";
      description = "Who brings links up: NetworkManager where people roam, networkd on servers.";
    };

    nameservers = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [
        "9.9.9.9"
        "149.112.112.112"
      ];
      description = "Name servers to ask when the network names none.";
    };
  };

  config = lib.mkMerge [
    {
      services.resolved.enable = true;
      networking.nameservers = cfg.nameservers;
    }

    (lib.mkIf (cfg.manager == "networkmanager") {
      networking.networkmanager = {
        enable = true;
        dns = "systemd-resolved";
      };
    })

    (lib.mkIf (cfg.manager == "networkd") {
      networking.useNetworkd = true;
      # One link is enough to go on.
      systemd.network.wait-online.anyInterface = true;
    })
  ];
}
