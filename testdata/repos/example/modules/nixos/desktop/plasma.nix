# Plasma for everybody on the machine. Personal settings: modules/home/desktop/plasma.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.modules.desktop.plasma;
in
{
  options.modules.desktop.plasma = {
    enable = lib.mkEnableOption "the Plasma desktop";

    phoneLink = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = "Whether KDE Connect may talk to telephones in the same network.";
    };
  };

  config = lib.mkIf cfg.enable {
    services.desktopManager.plasma6.enable = true;
    programs.kdeconnect.enable = cfg.phoneLink;

    environment.plasma6.excludePackages = with pkgs.kdePackages; [
      elisa
      khelpcenter
    ];
  };
}
