{
  config,
  lib,
  pkgs,
  ...
}:

let
  inherit (config.modules.desktop.common) dark fonts;
in
{
  gtk = {
    enable = true;
    font = { inherit (fonts.sans) name package size; };
    iconTheme = {
      name = if dark then "Papirus-Dark" else "Papirus";
      package = pkgs.papirus-icon-theme;
    };
    gtk3.extraConfig = lib.mkIf dark { gtk-application-prefer-dark-theme = true; };
  };
}
