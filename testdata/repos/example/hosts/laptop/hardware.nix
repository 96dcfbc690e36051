# What nixos-generate-config found, less the file systems, which disko declares.
{
  inputs,
  lib,
  modulesPath,
  ...
}:

{
  imports = [
    (modulesPath + "/installer/scan/not-detected.nix")
    inputs.nixos-hardware.nixosModules.common-pc-laptop
    inputs.nixos-hardware.nixosModules.common-pc-ssd
  ];

  nixpkgs.hostPlatform = lib.mkDefault "x86_64-linux";

  boot = {
    initrd.availableKernelModules = [
      "nvme"
      "rtsx_pci_sdmmc"
      "thunderbolt"
      "xhci_pci"
    ];
    kernelModules = [ "kvm-intel" ];

    # Devices on the Thunderbolt port must not read the memory as they like.
    kernelParams = [
      "intel_iommu=on"
      "iommu=pt"
    ];
  };

  hardware.sensor.iio.enable = true;
}
