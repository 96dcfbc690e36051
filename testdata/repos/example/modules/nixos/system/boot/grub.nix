{ config, lib, ... }:

let
  cfg = config.modules.system.boot;
in
{
  options.modules.system.boot.mirrorMountPoint = lib.mkOption {
    type = lib.types.nullOr lib.types.str;
    default = null;
    example = "/boot/efi-mirror";
    description = "Where a second EFI system partition is mounted, to be kept like the first.";
  };

  config = lib.mkIf (cfg.loader == "grub") {
    boot.loader = {
      # Firmware keeps one entry; with two partitions the fallback path is what both have.
      efi.canTouchEfiVariables = cfg.mirrorMountPoint == null;

      grub = {
        enable = true;
        efiSupport = true;
        efiInstallAsRemovable = cfg.mirrorMountPoint != null;
        configurationLimit = cfg.maxGenerations;
        mirroredBoots =
          let
            boot = efiSysMountPoint: {
              devices = [ "nodev" ];
              path = "/boot";
              inherit efiSysMountPoint;
            };
          in
          [ (boot cfg.efiMountPoint) ]
          ++ lib.optional (cfg.mirrorMountPoint != null) (boot cfg.mirrorMountPoint);
      };
    };
  };
}
