# Two NVMe drives, each encrypted, mirrored by btrfs.
#
# disko opens the drives in alphabetical order: `first` is there when the file system on `second`
# asks for both.
let
  compressed = [
    "compress=zstd"
    "noatime"
  ];
in
{
  disko.devices.disk = {
    first = {
      type = "disk";
      device = "/dev/disk/by-id/nvme-Samsung_SSD_990_PRO_2TB_S7DNNJ0W500001A";
      content = {
        type = "gpt";
        partitions = {
          ESP = {
            size = "2G";
            type = "EF00";
            content = {
              type = "filesystem";
              format = "vfat";
              mountpoint = "/boot";
              mountOptions = [ "umask=0077" ];
            };
          };
          crypt = {
            size = "100%";
            content = {
              type = "luks";
              name = "crypt-first";
              settings.allowDiscards = true;
            };
          };
        };
      };
    };

    second = {
      type = "disk";
      device = "/dev/disk/by-id/nvme-Samsung_SSD_990_PRO_2TB_S7DNNJ0W500002B";
      content = {
        type = "gpt";
        partitions.crypt = {
          size = "100%";
          content = {
            type = "luks";
            name = "crypt-second";
            settings.allowDiscards = true;
            content = {
              type = "btrfs";
              extraArgs = [
                "--label"
                "toaster"
                "--data"
                "raid1"
                "--metadata"
                "raid1"
                "/dev/mapper/crypt-first"
              ];
              subvolumes = {
                "@root" = {
                  mountpoint = "/";
                  mountOptions = compressed;
                };
                "@nix" = {
                  mountpoint = "/nix";
                  mountOptions = compressed;
                };
                "@home" = {
                  mountpoint = "/home";
                  mountOptions = compressed;
                };
                "@srv" = {
                  mountpoint = "/srv";
                  mountOptions = compressed;
                };
                "@snapshots" = {
                  mountpoint = "/.snapshots";
                  mountOptions = compressed;
                };
                # Disk images are rewritten in place: copies and checksums only cost.
                "@images" = {
                  mountpoint = "/var/lib/libvirt/images";
                  mountOptions = [
                    "nodatacow"
                    "noatime"
                  ];
                };
              };
            };
          };
        };
      };
    };
  };
}
