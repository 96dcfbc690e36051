# The login screen that belongs to GNOME.
{ config, lib, ... }:

let
  cfg = config.modules.desktop.gdm;
in
{
  options.modules.desktop.gdm = {
    enable = lib.mkEnableOption "the GNOME display manager";

    autoSuspend = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = "Whether the machine may fall asleep while nobody is logged in.";
    };
  };

  config = lib.mkIf cfg.enable {
    services.displayManager.gdm = {
      enable = true;
      inherit (cfg) autoSuspend;
    };
  };
}
