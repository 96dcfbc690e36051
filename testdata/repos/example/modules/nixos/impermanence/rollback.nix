# Goes back to the empty snapshot of the root subvolume before it is mounted.
{
  config,
  lib,
  utils,
  ...
}:

let
  cfg = config.modules.impermanence;
  inherit (cfg) rollback;
in
{
  options.modules.impermanence.rollback = {
    enable = lib.mkEnableOption "the deletion of everything on the root subvolume at every start";

    device = lib.mkOption {
      type = lib.types.str;
      example = "/dev/mapper/crypt";
      description = "The opened device with the btrfs file system.";
    };

    subvolume = lib.mkOption {
      type = lib.types.str;
      default = "@root";
      description = "The subvolume to empty. An empty read-only snapshot `…-blank` lies beside it.";
    };
  };

  config = lib.mkIf (cfg.enable && rollback.enable) {
    boot.initrd.systemd = {
      enable = true;
      services.rollback-root =
        let
          unit = "${utils.escapeSystemdPath rollback.device}.device";
        in
        {
          description = "Empties the root subvolume";
          wantedBy = [ "initrd.target" ];
          requires = [ unit ];
          after = [ unit ];
          before = [ "sysroot.mount" ];
          unitConfig.DefaultDependencies = false;
          serviceConfig.Type = "oneshot";
          script = ''
            mkdir -p /btrfs
            mount -t btrfs -o subvol=/ ${rollback.device} /btrfs

            # Subvolumes made below the root, by systemd for one, must go first.
            btrfs subvolume list -o "/btrfs/${rollback.subvolume}" | while read -r line; do
              btrfs subvolume delete "/btrfs/''${line##* path }"
            done

            btrfs subvolume delete "/btrfs/${rollback.subvolume}"
            btrfs subvolume snapshot "/btrfs/${rollback.subvolume}-blank" "/btrfs/${rollback.subvolume}"
            umount /btrfs
          '';
        };
    };
  };
}
