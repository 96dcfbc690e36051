# Two NVMe drives, mirrored by the kernel; each has an ESP, so either can start the machine.
let
  drive = device: espMountPoint: {
    type = "disk";
    inherit device;
    content = {
      type = "gpt";
      partitions = {
        ESP = {
          size = "1G";
          type = "EF00";
          content = {
            type = "filesystem";
            format = "vfat";
            mountpoint = espMountPoint;
            mountOptions = [
              "umask=0077"
              "nofail"
            ];
          };
        };
        raid = {
          size = "100%";
          content = {
            type = "mdraid";
            name = "system";
          };
        };
      };
    };
  };
in
{
  disko.devices = {
    disk = {
      a = drive "/dev/disk/by-id/nvme-SAMSUNG_MZWLO1T9HCJR-00A07_S6CKNE0T100004D" "/boot/efi";
      b = drive "/dev/disk/by-id/nvme-SAMSUNG_MZWLO1T9HCJR-00A07_S6CKNE0T100005E" "/boot/efi-mirror";
    };

    mdadm.system = {
      type = "mdadm";
      level = 1;
      content = {
        type = "lvm_pv";
        vg = "system";
      };
    };

    lvm_vg.system = {
      type = "lvm_vg";
      lvs = {
        root = {
          size = "200G";
          content = {
            type = "filesystem";
            format = "ext4";
            mountpoint = "/";
          };
        };
        images = {
          size = "100%FREE";
          content = {
            type = "filesystem";
            format = "xfs";
            mountpoint = "/var/lib/libvirt/images";
          };
        };
      };
    };
  };
}
