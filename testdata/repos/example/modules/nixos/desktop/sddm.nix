# The login screen that belongs to Plasma.
{ config, lib, ... }:

let
  cfg = config.modules.desktop.sddm;
in
{
  options.modules.desktop.sddm = {
    enable = lib.mkEnableOption "the Simple Desktop Display Manager";

    theme = lib.mkOption {
      type = lib.types.str;
      default = "breeze";
      description = "Theme of the login screen.";
    };
  };

  config = lib.mkIf cfg.enable {
    services.displayManager.sddm = {
      enable = true;
      wayland.enable = true;
      inherit (cfg) theme;
    };
  };
}
