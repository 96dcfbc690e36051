# The options of one virtual machine. Not a module of the system: ./default.nix makes a type of it.
{ lib }:

{ name, config, ... }:

let
  inherit (lib) mkOption types;

  device = types.submodule {
    options = {
      id = mkOption {
        type = types.nullOr lib.pci.types.id;
        default = null;
        example = "10de:2c05";
        description = "Id of the device, needed where devices are kept for guests by their ids.";
      };

      address = mkOption {
        type = lib.pci.types.address;
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

    os = mkOption {
      type = types.enum [
        "linux"
        "windows"
      ];
      default = "linux";
      description = "What runs in it.";
    };

    memory = mkOption {
      type = types.ints.positive;
      default = 4096;
      description = "Memory in MiB.";
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
          example = [
            2
            10
            3
            11
          ];
          description = ''
            CPUs of the host, one for each CPU of the guest. The two threads of a core of the guest
            stand beside each other and belong on the two threads of a core of the host.
          '';
        };

        emulator = mkOption {
          type = lib.pci.types.cpuList;
          default = "0";
          description = "CPUs of the host for QEMU's own threads.";
        };
      };
    };

    vcpus = mkOption {
      type = types.ints.positive;
      readOnly = true;
      default = config.cpu.cores * config.cpu.threads;
      defaultText = lib.literalExpression "cpu.cores * cpu.threads";
      description = "How many CPUs the guest sees.";
    };

    hugepages = {
      enable = mkOption {
        type = types.bool;
        default = false;
        description = "Whether the memory is made of pages of 1 GiB, set aside at boot.";
      };

      count = mkOption {
        type = types.ints.unsigned;
        readOnly = true;
        default = if config.hugepages.enable then config.memory / 1024 else 0;
        defaultText = lib.literalExpression "memory / 1024";
        description = "How many such pages that is.";
      };
    };

    firmware = {
      secureBoot = mkOption {
        type = types.bool;
        default = false;
        description = "Whether the firmware starts signed systems only.";
      };

      tpm = mkOption {
        type = types.bool;
        default = false;
        description = "Whether the machine has a TPM 2.0, made of software.";
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
        ];
        default = 64;
        description = "Size of that memory in MiB: 32 for 1080p, 64 for 1440p, 128 for 4K.";
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

    network = {
      type = mkOption {
        type = types.enum [
          "nat"
          "bridge"
          "macvtap"
        ];
        default = "nat";
        description = ''
          How the machine is reached: hidden behind the host, as a member of the bridge `interface`,
          or directly by the link `interface`.
        '';
      };

      interface = mkOption {
        type = types.nullOr types.str;
        default = null;
        description = "The bridge or the link, unless `type` is `nat`.";
      };
    };

    autostart = mkOption {
      type = types.bool;
      default = false;
      description = "Whether the machine starts with the host.";
    };
  };
}
