# NVIDIA's driver, alone, beside another GPU (PRIME), or without a screen.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  inherit (lib) mkOption types;

  cfg = config.modules.hardware.nvidia;
  inherit (cfg) prime;

  # vfio-pci and the driver cannot own one card; hosts without vfio have no such option.
  yields = cfg.yieldToVfio && (config.modules.vfio.enable or false);
in
{
  options.modules.hardware.nvidia = {
    enable = lib.mkEnableOption "NVIDIA's driver";

    channel = mkOption {
      type = types.enum [
        "stable"
        "beta"
        "production"
      ];
      default = "stable";
      description = "Which of NVIDIA's releases to use.";
    };

    open = mkOption {
      type = types.bool;
      default = true;
      description = "Whether to use the open kernel modules: needs Turing or newer, Blackwell needs it.";
    };

    headless = mkOption {
      type = types.bool;
      default = false;
      description = "Whether the card only computes.";
    };

    fineGrainedPower = mkOption {
      type = types.bool;
      default = false;
      description = "Whether an idle card is switched off; needs PRIME offload.";
    };

    yieldToVfio = mkOption {
      type = types.bool;
      default = true;
      description = ''
        Whether the driver stays away in boot entries that give devices to guests. Switch this off
        on machines that keep a card of their own.
      '';
    };

    prime = {
      enable = lib.mkEnableOption "PRIME, the work of two GPUs for one screen";

      offload = mkOption {
        type = types.bool;
        default = true;
        description = ''
          Whether the card draws only for programs that ask for it. Otherwise it draws everything
          and the other GPU shows the picture.
        '';
      };

      nvidiaBusId = mkOption {
        type = types.nullOr lib.pci.types.busId;
        default = null;
        example = "PCI:1:0:0";
        description = "Bus id of the NVIDIA card.";
      };

      intelBusId = mkOption {
        type = types.nullOr lib.pci.types.busId;
        default = null;
        example = "PCI:0:2:0";
        description = "Bus id of the GPU in an Intel processor.";
      };

      amdBusId = mkOption {
        type = types.nullOr lib.pci.types.busId;
        default = null;
        example = "PCI:13:0:0";
        description = "Bus id of the GPU in an AMD processor.";
      };
    };
  };

  config = lib.mkIf (cfg.enable && !yields) (
    lib.mkMerge [
      {
        # The driver is loaded for this entry, even where no X server runs.
        services.xserver.videoDrivers = [ "nvidia" ];

        hardware = {
          graphics.enable = true;
          nvidia = {
            inherit (cfg) open;
            modesetting.enable = true;
            nvidiaPersistenced = cfg.headless;
            nvidiaSettings = !cfg.headless;
            package = config.boot.kernelPackages.nvidiaPackages.${cfg.channel};
            powerManagement = {
              enable = !cfg.headless;
              finegrained = cfg.fineGrainedPower;
            };
          };
        };

        assertions = [
          {
            assertion = cfg.fineGrainedPower -> prime.enable && prime.offload;
            message = "modules.hardware.nvidia.fineGrainedPower needs prime.enable and prime.offload.";
          }
        ];
      }

      (lib.mkIf cfg.headless {
        environment.systemPackages = [ pkgs.nvtopPackages.nvidia ];
      })

      (lib.mkIf prime.enable {
        hardware.nvidia.prime = lib.mkMerge [
          (lib.mkIf (prime.nvidiaBusId != null) { inherit (prime) nvidiaBusId; })
          (lib.mkIf (prime.intelBusId != null) { inherit (prime) intelBusId; })
          (lib.mkIf (prime.amdBusId != null) { amdgpuBusId = prime.amdBusId; })
          {
            offload = {
              enable = prime.offload;
              enableOffloadCmd = prime.offload;
            };
            sync.enable = !prime.offload;
          }
        ];

        assertions = [
          {
            assertion = prime.nvidiaBusId != null;
            message = "modules.hardware.nvidia.prime.enable needs prime.nvidiaBusId.";
          }
          {
            assertion = (prime.intelBusId == null) != (prime.amdBusId == null);
            message = "modules.hardware.nvidia.prime needs intelBusId or amdBusId, and not both.";
          }
        ];
      })
    ]
  );
}
