# One NVMe drive: an ESP and an encrypted btrfs whose root is thrown away at every start.
{
  disko.devices.disk.main = {
    type = "disk";
    device = "/dev/disk/by-id/nvme-SAMSUNG_MZVL21T0HCLR-00B00_S676NX0T600003C";
    content = {
      type = "gpt";
      partitions = {
        ESP = {
          size = "1G";
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
            name = "crypt";
            settings = {
              allowDiscards = true;
              bypassWorkqueues = true;
            };
            content = {
              type = "btrfs";
              # An empty root to go back to, taken before anything is written.
              postCreateHook = ''
                mount -t btrfs -o subvol=/ /dev/mapper/crypt /mnt
                btrfs subvolume snapshot -r /mnt/@root /mnt/@root-blank
                umount /mnt
              '';
              subvolumes = {
                "@root".mountpoint = "/";
                "@nix" = {
                  mountpoint = "/nix";
                  mountOptions = [
                    "compress=zstd"
                    "noatime"
                  ];
                };
                "@persist" = {
                  mountpoint = "/persist";
                  mountOptions = [ "compress=zstd" ];
                };
                "@swap" = {
                  mountpoint = "/.swap";
                  swap.swapfile.size = "36G";
                };
              };
            };
          };
        };
      };
    };
  };

  # Read before the accounts are made, so it must be there in stage 1.
  fileSystems."/persist".neededForBoot = true;
}
