# The options of one virtual machine. Not a module of the system: ./default.nix makes a type of it.
{ lib }:

{ name, ... }:

let
  inherit (lib) mkOption types;

  device = types.submodule {
    options = {
      id = mkOption {
        type = types.strMatching "[0-9a-f]{4}:[0-9a-f]{4}";
        example = "10de:2c05";
        description = "Id of the device.";
      };

      address = mkOption {
        type = types.strMatching "[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f][.][0-7]";
        example = "0000:01:00.0";
        description = "Where the device is.";
      };
    };
  };
in
{
  options = {
    enable = mkOption {
      type = types.bool;
      default = true;
      description = "Whether the machine exists.";
    };

    memory = mkOption {
      type = types.ints.positive;
      default = 4096;
      description = "Memory in MiB.";
    };

    hugepages.enable = mkOption {
      type = types.bool;
      default = false;
      description = "Whether the memory is made of pages of 1 GiB, set aside at boot.";
    };

    cpu = {
      cores = mkOption {
        type = types.ints.positive;
        default = 2;
        description = "Cores that the guest sees.";
      };

      threads = mkOption {
        type = types.ints.between 1 2;
        default = 1;
        description = "Threads of each core.";
      };

      pinning = {
        cpus = mkOption {
          type = types.listOf types.ints.unsigned;
          default = [ ];
          description = "CPUs of the host, one for each CPU of the guest.";
        };

        emulator = mkOption {
          type = types.strMatching "[0-9,-]+";
          default = "0";
          description = "CPUs of the host for QEMU's own threads.";
        };
      };
    };

    vfio = {
      enable = mkOption {
        type = types.bool;
        default = false;
        description = "Whether devices of the host belong to the machine.";
      };

      devices = mkOption {
        type = types.attrsOf device;
        default = { };
        description = "Those devices: every function of a card is one.";
      };
    };

    lookingGlass = {
      enable = mkOption {
        type = types.bool;
        default = false;
        description = "Whether the machine draws into memory that the host can show.";
      };

      size = mkOption {
        type = types.enum [
          32
          64
          128
          256
          512
        ];
        default = 64;
        description = "Size of that memory in MiB.";
      };
    };

    disk = {
      path = mkOption {
        type = types.str;
        default = "/var/lib/libvirt/images/${name}.qcow2";
        defaultText = lib.literalMD "an image named after the machine";
        description = "Disk image.";
      };

      size = mkOption {
        type = types.strMatching "[0-9]+[GT]";
        default = "64G";
        description = "Size of the image when it is made.";
      };
    };

    autostart = mkOption {
      type = types.bool;
      default = false;
      description = "Whether the machine starts with the host.";
    };
  };
}
