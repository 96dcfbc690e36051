# Snapshots of btrfs subvolumes, thinned out with age.
{ config, lib, ... }:

let
  cfg = config.modules.services.btrbk;
in
{
  options.modules.services.btrbk = {
    enable = lib.mkEnableOption "hourly snapshots";

    volume = lib.mkOption {
      type = lib.types.str;
      default = "/";
      description = "Where the file system is mounted.";
    };

    subvolumes = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ "home" ];
      description = "Subvolumes to keep, as paths below `volume`.";
    };

    snapshotDir = lib.mkOption {
      type = lib.types.str;
      default = ".snapshots";
      description = "Directory for the snapshots, as a path below `volume`.";
    };

    keep = lib.mkOption {
      type = lib.types.str;
      default = "48h 14d 8w 6m";
      description = "How many hourly, daily, weekly and monthly snapshots to keep.";
    };
  };

  config = lib.mkIf cfg.enable {
    services.btrbk.instances.local = {
      onCalendar = "hourly";
      settings = {
        snapshot_preserve = cfg.keep;
        snapshot_preserve_min = "2d";
        volume.${cfg.volume} = {
          snapshot_dir = cfg.snapshotDir;
          subvolume = lib.genAttrs cfg.subvolumes (_: { });
        };
      };
    };
  };
}
