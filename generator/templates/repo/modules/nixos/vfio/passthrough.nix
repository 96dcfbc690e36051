# Keeps PCI devices for guests. modules/nixos/vms fills in which.
{ config, lib, ... }:

let
  cfg = config.modules.vfio;

  iommuParams = {
    # On by itself.
    amd = [ ];
    intel = [ "intel_iommu=on" ];
  };
in
{
  options.modules.vfio = {
    enable = lib.mkEnableOption "the binding of devices to vfio-pci";

    platform = lib.mkOption {
      type = lib.types.enum [
        "amd"
        "intel"
      ];
      default = if lib.elem "kvm-intel" config.boot.kernelModules then "intel" else "amd";
      defaultText = lib.literalMD "what the kernel's modules tell";
      description = "Who made the processor, and with it the IOMMU.";
    };

    gpuPciIds = lib.mkOption {
      type = lib.types.listOf (lib.types.strMatching "[0-9a-f]{4}:[0-9a-f]{4}");
      default = [ ];
      example = [ "10de:2c05" ];
      description = "Ids of the devices for guests.";
    };

    blacklistedDrivers = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ "nouveau" ];
      description = "Drivers that must not come first while devices are kept for guests.";
    };
  };

  config = lib.mkIf cfg.enable {
    boot = {
      kernelParams = iommuParams.${cfg.platform} ++ [
        "iommu=pt"
        "vfio-pci.ids=${lib.concatStringsSep "," cfg.gpuPciIds}"
      ];
      blacklistedKernelModules = cfg.blacklistedDrivers;
      initrd.kernelModules = [
        "vfio_pci"
        "vfio"
        "vfio_iommu_type1"
      ];
      # What the initrd loads first must wait.
      extraModprobeConfig = lib.concatMapStrings (driver: ''
        softdep ${driver} pre: vfio-pci
      '') cfg.blacklistedDrivers;
    };

    assertions = [
      {
        assertion = cfg.gpuPciIds != [ ];
        message = ''
          modules.vfio is enabled, but no machine in virtualisation.vms names the id of a device.
        '';
      }
    ];
  };
}
