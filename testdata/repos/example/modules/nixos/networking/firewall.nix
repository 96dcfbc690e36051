# Closed, but for what services open themselves and what is named here.
{ config, lib, ... }:

let
  cfg = config.modules.networking.firewall;
in
{
  options.modules.networking.firewall = {
    trustedInterfaces = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      # Two modules may trust the same link.
      apply = lib.unique;
      description = "Links from which everything is let in.";
    };

    openPorts = lib.mkOption {
      type = lib.types.listOf lib.types.port;
      default = [ ];
      description = "TCP ports that anybody may reach.";
    };
  };

  config.networking = {
    nftables.enable = true;
    firewall = {
      enable = true;
      inherit (cfg) trustedInterfaces;
      allowedTCPPorts = cfg.openPorts;
      logRefusedConnections = false;
    };
  };
}
