# Windows 11 on the GeForce.
#
# `lspci -Dnn | grep -i nvidia` prints what stands under `vfio.devices`. Other modules read it from
# here: modules.vfio binds the ids, the domain of libvirt names the addresses.
{ config, ... }:

{
  virtualisation.vms.windows11 = {
    os = "windows";
    memory = 16384;
    hugepages.enable = true;

    # Cores 2 to 7 with both their threads; 0 and 1 (threads 0, 1, 8 and 9) stay with the host.
    cpu = {
      cores = 6;
      threads = 2;
      pinning = {
        cpus = [
          2
          10
          3
          11
          4
          12
          5
          13
          6
          14
          7
          15
        ];
        emulator = "0-1,8-9";
      };
    };

    firmware = {
      secureBoot = true;
      tpm = true;
    };

    vfio = {
      enable = true;
      devices = {
        gpu = {
          id = "10de:2c05"; # GeForce RTX 5070 Ti
          address = "0000:01:00.0";
        };
        audio = {
          id = "10de:22e9"; # its HDMI sound
          address = "0000:01:00.1";
        };
      };
    };

    # 3840 x 2160 needs 74 MiB; the size must be a power of two.
    lookingGlass = {
      enable = true;
      size = 128;
    };

    disk.size = "512G";
    network.type = "nat";

    # Without the card there is nothing to start.
    autostart = config.modules.vfio.enable;
  };
}
