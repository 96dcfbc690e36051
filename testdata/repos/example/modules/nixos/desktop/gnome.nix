# GNOME for everybody on the machine. Personal settings: modules/home/desktop/gnome.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.modules.desktop.gnome;
in
{
  options.modules.desktop.gnome = {
    enable = lib.mkEnableOption "the GNOME desktop";

    extensions = lib.mkOption {
      type = lib.types.listOf lib.types.package;
      default = [ ];
      example = lib.literalExpression "[ pkgs.gnomeExtensions.caffeine ]";
      description = "Extensions of the shell to install; each user switches on their own.";
    };
  };

  config = lib.mkIf cfg.enable {
    services.desktopManager.gnome.enable = true;

    environment = {
      systemPackages = [ pkgs.gnome-tweaks ] ++ cfg.extensions;
      gnome.excludePackages = with pkgs; [
        epiphany
        gnome-tour
        yelp
      ];
    };

    programs.dconf.enable = true;
  };
}
