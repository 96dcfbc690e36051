# The kernel and the boot loader.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.modules.system.boot;
in
{
  imports = [
    ./grub.nix
    ./limine.nix
    ./systemd.nix
  ];

  options.modules.system.boot = {
    loader = lib.mkOption {
      type = lib.types.enum [
        "limine"
        "systemd"
        "grub"
      ];
      default = "systemd";
      description = ''
        Which boot loader to install:

        - `limine`: shows specialisations as entries of their own
        - `systemd`: the plain one, UEFI only
        - `grub`: can keep several EFI partitions alike
      '';
    };

    kernel = lib.mkOption {
      type = lib.types.raw;
      default = pkgs.linuxPackages;
      defaultText = lib.literalExpression "pkgs.linuxPackages";
      description = "The kernel and the modules built for it.";
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

    efiMountPoint = lib.mkOption {
      type = lib.types.str;
      default = "/boot";
      description = "Where the EFI system partition is mounted.";
    };
  };

  config = {
    boot = {
      kernelPackages = cfg.kernel;
      tmp.cleanOnBoot = true;

      loader = {
        inherit (cfg) timeout;
        efi = {
          canTouchEfiVariables = lib.mkDefault true;
          efiSysMountPoint = cfg.efiMountPoint;
        };
      };
    };

    hardware.enableRedistributableFirmware = true;
  };
}
