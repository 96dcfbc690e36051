# Scream: the sound of the guest, by network, with little delay.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  inherit (config.modules) vfio;
  cfg = vfio.scream;

  # Hosts without a bridge do not load the module that declares it.
  bridge = config.modules.networking.bridge or { enable = false; };
in
{
  imports = [ ./passthrough.nix ];

  options.modules.vfio.scream = {
    enable = lib.mkEnableOption "the receiver of the guests' sound";

    interface = lib.mkOption {
      type = lib.types.str;
      default = if bridge.enable then bridge.name else "virbr0";
      defaultText = lib.literalMD "the bridge if there is one, otherwise libvirt's own network";
      description = "Link on which the guests are.";
    };

    port = lib.mkOption {
      type = lib.types.port;
      default = 4010;
      description = "UDP port on which the sound arrives.";
    };
  };

  config = lib.mkIf (vfio.enable && cfg.enable) {
    networking.firewall.interfaces.${cfg.interface}.allowedUDPPorts = [ cfg.port ];

    systemd.user.services.scream = {
      description = "Sound of virtual machines";
      wantedBy = [ "graphical-session.target" ];
      after = [ "pipewire.service" ];
      serviceConfig = {
        ExecStart = "${lib.getExe pkgs.scream} -o pulse -i ${cfg.interface} -p ${toString cfg.port}";
        Restart = "on-failure";
      };
    };
  };
}
