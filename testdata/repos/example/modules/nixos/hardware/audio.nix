# Sound through PipeWire.
{ config, lib, ... }:

let
  cfg = config.modules.hardware.audio;
in
{
  options.modules.hardware.audio = {
    enable = lib.mkEnableOption "sound";

    jack = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = "Whether programs for JACK may use it too.";
    };
  };

  config = lib.mkIf cfg.enable {
    # Lets the sound server ask for a place at the front of the queue.
    security.rtkit.enable = true;

    services.pipewire = {
      enable = true;
      alsa = {
        enable = true;
        support32Bit = true;
      };
      jack.enable = cfg.jack;
      pulse.enable = true;
    };
  };
}
