# laptop: Core i9-12900H, Iris Xe, GeForce RTX 3080 Ti Mobile, 32 GB, one NVMe drive.
#
# The root directory is empty at every start: what shall stay stands under modules.impermanence.
{
  config,
  meta,
  modules,
  ...
}:

{
  imports =
    with modules.nixos;
    [
      desktop.plasma
      desktop.sddm

      hardware.audio
      hardware.bluetooth
      hardware.intel
      hardware.nvidia
      hardware.power

      networking.base
      networking.firewall
      networking.tailscale

      services.openssh
      services.packages
      services.printing

      security.base
      security.sops

      virtualization.docker

      impermanence
    ]
    ++ [
      ./disko.nix
      ./hardware.nix
    ];

  modules = {
    system = {
      boot.loader = "systemd";
      locale.keyMap = "de-latin1-nodeadkeys";
    };

    desktop = {
      plasma.enable = true;
      sddm.enable = true;
    };

    hardware = {
      audio.enable = true;
      bluetooth = {
        enable = true;
        powerOnBoot = false;
      };
      intel.enable = true;
      power = {
        enable = true;
        chargeLimit = 80;
      };

      # The screen hangs on the Iris; the GeForce sleeps until a program asks for it.
      nvidia = {
        enable = true;
        fineGrainedPower = true;
        prime = {
          enable = true;
          offload = true;
          intelBusId = "PCI:0:2:0";
          nvidiaBusId = "PCI:1:0:0";
        };
      };
    };

    networking.tailscale = {
      enable = true;
      authKeyFile = config.sops.secrets."tailscale/auth-key".path;
    };

    services = {
      openssh = {
        enable = true;
        ports = [ 2222 ];
      };
      printing.enable = true;
    };

    security = {
      base.wheelNeedsPassword = true;
      sops = {
        defaultFile = ./secrets.yaml;
        # /etc is empty when the secrets are opened.
        hostKey = "/persist/etc/ssh/ssh_host_ed25519_key";
      };
    };

    virtualization.docker = {
      enable = true;
      users = [ "mira" ];
    };

    impermanence = {
      enable = true;
      persistPath = "/persist";
      directories = [
        "/etc/NetworkManager/system-connections"
        "/var/lib/bluetooth"
        "/var/lib/docker"
        "/var/lib/tailscale"
      ];
      rollback = {
        enable = true;
        device = "/dev/mapper/crypt";
        subvolume = "@root";
      };
      # Everybody keeps their documents and what their programs remember.
      home = {
        inherit (meta) users;
        directories = [
          "Documents"
          "Pictures"
          "src"
          ".config"
          ".local/share"
          ".ssh"
        ];
      };
    };
  };

  sops.secrets."tailscale/auth-key" = { };
}
