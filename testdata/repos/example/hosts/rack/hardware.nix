# What nixos-generate-config found, less the file systems, which disko declares.
{ lib, modulesPath, ... }:

{
  imports = [ (modulesPath + "/installer/scan/not-detected.nix") ];

  nixpkgs.hostPlatform = lib.mkDefault "x86_64-linux";

  boot = {
    # Both drives hang behind Intel's volume management.
    initrd.availableKernelModules = [
      "nvme"
      "usbhid"
      "vmd"
      "xhci_pci"
    ];
    kernelModules = [ "kvm-intel" ];
    swraid.enable = true;
  };

  # Two virtual functions on the first port: one for the host, one for a guest.
  services.udev.extraRules = ''
    ACTION=="add", SUBSYSTEM=="net", KERNEL=="ens3f0", ATTR{device/sriov_numvfs}="2"
  '';
}
