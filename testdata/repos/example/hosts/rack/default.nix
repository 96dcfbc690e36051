# rack: two Xeon Gold 6430, two RTX A6000, an E810 network card with virtual functions, 512 GB.
#
# One A6000 works for the guest `trainer`, its twin for programs on the host. The cards have the
# same ids, so the one for the guest is chosen by its address.
{
  config,
  modules,
  pkgs,
  ...
}:

let
  inherit (modules.nixos)
    hardware
    networking
    security
    services
    vfio
    virtualization
    ;
in
{
  imports = [
    ./disko.nix
    ./hardware.nix
    ./vms.nix

    hardware.intel
    hardware.nvidia

    networking.base
    networking.bridge
    networking.firewall
    networking.tailscale

    services.monitoring
    services.openssh
    services.packages

    security.base
    security.sops

    virtualization.docker
    virtualization.libvirt

    vfio.passthrough
    modules.nixos.vms
  ];

  modules = {
    system = {
      boot = {
        loader = "grub";
        efiMountPoint = "/boot/efi";
        mirrorMountPoint = "/boot/efi-mirror";
        maxGenerations = 20;
      };
      locale.timeZone = "UTC";
      nix.gcAfterDays = 60;
    };

    hardware = {
      intel = {
        enable = true;
        graphics = false;
      };
      # For programs that compute; the console is drawn by the board's management controller.
      nvidia = {
        enable = true;
        headless = true;
        yieldToVfio = false;
      };
    };

    networking = {
      base.manager = "networkd";
      # Guests get addresses of the house from the second port; the first one stays ours.
      bridge = {
        enable = true;
        name = "br0";
        interfaces = [ "ens3f1" ];
      };
      tailscale = {
        enable = true;
        role = "server";
        authKeyFile = config.sops.secrets."tailscale/auth-key".path;
      };
    };

    services = {
      monitoring = {
        enable = true;
        listenAddress = "100.64.0.3";
        collectors = [
          "hwmon"
          "mdadm"
          "systemd"
        ];
      };
      openssh = {
        enable = true;
        allowUsers = [ "mira" ];
      };
      packages.extra = with pkgs; [
        ipmitool
        nvme-cli
      ];
    };

    security.sops.defaultFile = ./secrets.yaml;

    virtualization = {
      docker = {
        enable = true;
        nvidia = true;
      };
      libvirt.enable = true;
    };

    vfio = {
      enable = true;
      platform = "intel";
      binding = "address";
    };
  };

  sops.secrets."tailscale/auth-key" = { };
}
