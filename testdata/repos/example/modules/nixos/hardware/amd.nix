# AMD processors and the GPUs in them.
{ config, lib, ... }:

let
  cfg = config.modules.hardware.amd;
in
{
  options.modules.hardware.amd = {
    enable = lib.mkEnableOption "what AMD processors need";

    graphics = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = "Whether the GPU in the processor draws the screen.";
    };
  };

  config = lib.mkIf cfg.enable (
    lib.mkMerge [
      {
        hardware.cpu.amd.updateMicrocode = true;
        # The processor chooses its own clock, guided by the kernel.
        boot.kernelParams = [ "amd_pstate=active" ];
      }

      (lib.mkIf cfg.graphics {
        # Early, so that the passphrase is asked for in the resolution of the screen.
        boot.initrd.kernelModules = [ "amdgpu" ];
        hardware.graphics.enable = true;
        services.xserver.videoDrivers = [ "amdgpu" ];
      })
    ]
  );
}
