# Intel processors and the GPUs in them.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.modules.hardware.intel;
in
{
  options.modules.hardware.intel = {
    enable = lib.mkEnableOption "what Intel processors need";

    graphics = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = "Whether the GPU in the processor draws the screen.";
    };
  };

  config = lib.mkIf cfg.enable (
    lib.mkMerge [
      {
        hardware.cpu.intel.updateMicrocode = true;
        services.thermald.enable = true;
      }

      (lib.mkIf cfg.graphics {
        # The firmware of the GPU schedules its work and decodes video.
        boot.kernelParams = [ "i915.enable_guc=3" ];
        hardware.graphics = {
          enable = true;
          extraPackages = with pkgs; [
            intel-media-driver
            vpl-gpu-rt
          ];
        };
        environment.sessionVariables.LIBVA_DRIVER_NAME = "iHD";
      })
    ]
  );
}
