# Keeps PCI devices for guests.
#
# `gpuPciIds` and `gpuPciAddresses` are filled in by modules/nixos/vms from the guests that ask for
# devices. A host decides only whether a boot entry gives them away: `modules.vfio.enable`.
{ config, lib, ... }:

let
  inherit (lib) mkOption types;

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

    platform = mkOption {
      type = types.enum (lib.attrNames iommuParams);
      description = "Who made the processor, and with it the IOMMU.";
    };

    binding = mkOption {
      type = types.enum [
        "id"
        "address"
      ];
      default = "id";
      description = ''
        How the devices are told from others. Ids survive a new card in another slot; addresses are
        needed where the host keeps a device with the same id.
      '';
    };

    gpuPciIds = mkOption {
      type = types.listOf lib.pci.types.id;
      default = [ ];
      apply = lib.unique;
      example = [ "10de:2c05" ];
      description = "Ids of the devices for guests.";
    };

    gpuPciAddresses = mkOption {
      type = types.listOf lib.pci.types.address;
      default = [ ];
      apply = lib.unique;
      example = [ "0000:01:00.0" ];
      description = "Addresses of the devices for guests.";
    };

    blacklistedDrivers = mkOption {
      type = types.listOf types.str;
      default = [ "nouveau" ];
      description = "Drivers that must not come first while devices are kept for guests.";
    };

    kernelParams = mkOption {
      type = types.listOf types.str;
      readOnly = true;
      default = iommuParams.${cfg.platform} ++ [ "iommu=pt" ];
      defaultText = lib.literalMD "what the IOMMU of `platform` needs";
      description = "Kernel parameters of every boot entry, so that IOMMU groups never differ.";
    };
  };

  config = lib.mkMerge [
    { boot.kernelParams = cfg.kernelParams; }

    (lib.mkIf cfg.enable {
      boot = {
        blacklistedKernelModules = cfg.blacklistedDrivers;
        initrd.kernelModules = [
          "vfio_pci"
          "vfio"
          "vfio_iommu_type1"
        ];
        # The initrd loads modules in the order of the alphabet; this says what must come first.
        extraModprobeConfig = lib.concatMapStrings (driver: ''
          softdep ${driver} pre: vfio-pci
        '') cfg.blacklistedDrivers;
      };
    })

    (lib.mkIf (cfg.enable && cfg.binding == "id") {
      boot.kernelParams = [ "vfio-pci.ids=${lib.concatStringsSep "," cfg.gpuPciIds}" ];

      assertions = [
        {
          assertion = cfg.gpuPciIds != [ ];
          message = ''
            modules.vfio is enabled, but no machine in virtualisation.vms names the id of a device.
          '';
        }
      ];
    })

    (lib.mkIf (cfg.enable && cfg.binding == "address") (
      let
        rules = lib.concatMapStrings (address: ''
          ACTION=="add", SUBSYSTEM=="pci", KERNEL=="${address}", ATTR{driver_override}="vfio-pci"
        '') cfg.gpuPciAddresses;
      in
      {
        # Cards are there in the initrd, virtual functions of network cards only later.
        boot.initrd.services.udev.rules = rules;
        services.udev.extraRules = rules;
      }
    ))
  ];
}
