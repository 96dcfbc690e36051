# toaster: workstation for games and for work.
#
# Ryzen 7 7800X3D with its own small GPU, GeForce RTX 5070 Ti, 64 GB, two NVMe drives, one 4K screen.
#
# Limine offers two entries of every generation:
#
#   NixOS           the GeForce draws for the desktop
#   NixOS, vfio     the GeForce waits for the Windows guest, the desktop uses the GPU in the Ryzen
{
  config,
  meta,
  modules,
  pkgs,
  ...
}:

{
  imports = [
    ./disko.nix
    ./hardware.nix
    ./windows11.nix

    modules.nixos.desktop.gaming
    modules.nixos.desktop.gdm
    modules.nixos.desktop.gnome

    modules.nixos.hardware.amd
    modules.nixos.hardware.audio
    modules.nixos.hardware.bluetooth
    modules.nixos.hardware.nvidia

    modules.nixos.networking.base
    modules.nixos.networking.firewall
    modules.nixos.networking.tailscale

    modules.nixos.services.btrbk
    modules.nixos.services.openssh
    modules.nixos.services.packages
    modules.nixos.services.printing

    modules.nixos.security.base
    modules.nixos.security.sops

    modules.nixos.virtualization.docker
    modules.nixos.virtualization.libvirt

    modules.nixos.vfio.dualBoot
    modules.nixos.vfio.lookingGlass
    modules.nixos.vfio.scream
    modules.nixos.vms
  ];

  modules = {
    system.boot = {
      loader = "limine";
      maxGenerations = 8;
      timeout = 5;
    };

    desktop = {
      gaming.enable = true;
      gdm.enable = true;
      gnome = {
        enable = true;
        extensions = with pkgs.gnomeExtensions; [
          appindicator
          caffeine
        ];
      };
    };

    hardware = {
      amd = {
        enable = true;
        graphics = true;
      };
      audio.enable = true;
      bluetooth.enable = true;

      # Programs started with `nvidia-offload` draw on the GeForce.
      nvidia = {
        enable = true;
        channel = "beta";
        prime = {
          enable = true;
          offload = true;
          amdBusId = "PCI:13:0:0"; # 0d:00.0
          nvidiaBusId = "PCI:1:0:0"; # 01:00.0
        };
      };
    };

    networking = {
      firewall.trustedInterfaces = [ "virbr0" ];
      tailscale = {
        enable = true;
        authKeyFile = config.sops.secrets."tailscale/auth-key".path;
      };
    };

    services = {
      btrbk = {
        enable = true;
        volume = "/";
        subvolumes = [
          "home"
          "srv"
        ];
        snapshotDir = ".snapshots";
      };
      openssh.enable = true;
      packages.extra = with pkgs; [
        blender
        ffmpeg
      ];
      printing.enable = true;
    };

    security.sops.defaultFile = ./secrets.yaml;

    virtualization = {
      docker = {
        enable = true;
        inherit (meta) users;
      };
      libvirt = {
        enable = true;
        inherit (meta) users;
      };
    };

    # The ids of the card come from the guest that asks for it: see windows11.nix.
    vfio = {
      platform = "amd";
      blacklistedDrivers = [
        "nouveau"
        "nvidia"
        "nvidia_drm"
        "nvidia_modeset"
        "nvidia_uvm"
      ];
      dualBoot = {
        enable = true;
        defaultMode = "host";
      };
      lookingGlass = {
        enable = true;
        inherit (meta) users;
      };
      scream.enable = true;
    };
  };

  sops.secrets."tailscale/auth-key" = { };

  # The backup server wakes the machine at night.
  networking.interfaces.eno1.wakeOnLan.enable = true;
}
