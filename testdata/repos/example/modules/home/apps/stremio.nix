# Films.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.modules.apps.stremio;
in
{
  options.modules.apps.stremio = {
    enable = lib.mkEnableOption "Stremio";

    package = lib.mkPackageOption pkgs "stremio-linux-shell" { };
  };

  config = lib.mkIf cfg.enable { home.packages = [ cfg.package ]; };
}
