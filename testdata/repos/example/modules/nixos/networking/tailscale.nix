# The private network between the machines.
{ config, lib, ... }:

let
  cfg = config.modules.networking.tailscale;
in
{
  # The tunnel is trusted, so the firewall must be ours to configure.
  imports = [ ./firewall.nix ];

  options.modules.networking.tailscale = {
    enable = lib.mkEnableOption "Tailscale";

    role = lib.mkOption {
      type = lib.types.enum [
        "client"
        "server"
        "both"
      ];
      default = "client";
      description = "Whether the machine uses routes of others, offers its own, or both.";
    };

    authKeyFile = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      default = null;
      description = "File with a key that lets the machine join by itself; read when it runs.";
    };
  };

  config = lib.mkIf cfg.enable {
    services.tailscale = {
      enable = true;
      openFirewall = true;
      useRoutingFeatures = cfg.role;
      inherit (cfg) authKeyFile;
    };

    modules.networking.firewall.trustedInterfaces = [ "tailscale0" ];
  };
}
