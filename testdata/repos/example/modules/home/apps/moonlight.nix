# Games of another machine on this screen.
{
  config,
  lib,
  pkgs,
  ...
}:

{
  options.modules.apps.moonlight.enable = lib.mkEnableOption "Moonlight";

  config = lib.mkIf config.modules.apps.moonlight.enable {
    home.packages = [ pkgs.moonlight-qt ];
  };
}
