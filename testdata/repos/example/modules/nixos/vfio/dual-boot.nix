# Two boot entries per generation: devices with the host, devices with the guests.
{ config, lib, ... }:

let
  cfg = config.modules.vfio.dualBoot;
  otherMode = if cfg.defaultMode == "host" then "vfio" else "host";
in
{
  imports = [ ./passthrough.nix ];

  options.modules.vfio.dualBoot = {
    enable = lib.mkEnableOption "a second boot entry that gives devices to the other side";

    defaultMode = lib.mkOption {
      type = lib.types.enum [
        "host"
        "vfio"
      ];
      default = "host";
      description = "Who has the devices when nobody chooses an entry.";
    };
  };

  config = lib.mkIf cfg.enable {
    modules.vfio.enable = lib.mkDefault (cfg.defaultMode == "vfio");

    specialisation.${otherMode}.configuration = {
      system.nixos.tags = [ otherMode ];
      modules.vfio.enable = lib.mkForce (otherMode == "vfio");
    };
  };
}
