# The boot loader.
{ config, lib, ... }:

let
  cfg = config.modules.system.boot;
in
{
  options.modules.system.boot = {
    loader = lib.mkOption {
      type = lib.types.enum [
        "systemd"
        "grub"
      ];
      default = "systemd";
      description = "Which boot loader to install. Both want UEFI.";
    };

    maxGenerations = lib.mkOption {
      type = lib.types.ints.positive;
      default = 10;
      description = "How many generations the boot menu offers.";
    };

    timeout = lib.mkOption {
      type = lib.types.ints.unsigned;
      default = 3;
      description = "Seconds until the default entry starts.";
    };
  };

  config = lib.mkMerge [
    {
      boot.loader = {
        inherit (cfg) timeout;
        efi.canTouchEfiVariables = true;
      };

      hardware.enableRedistributableFirmware = true;
    }

    (lib.mkIf (cfg.loader == "systemd") {
      boot.loader.systemd-boot = {
        enable = true;
        configurationLimit = cfg.maxGenerations;
        editor = false;
      };
    })

    (lib.mkIf (cfg.loader == "grub") {
      boot.loader.grub = {
        enable = true;
        device = "nodev";
        efiSupport = true;
        configurationLimit = cfg.maxGenerations;
      };
    })
  ];
}
