# Beside Steam, which modules/nixos/desktop/gaming.nix installs: numbers over the picture.
{
  config,
  lib,
  osConfig,
  ...
}:

let
  cfg = config.modules.apps.steam;
in
{
  options.modules.apps.steam.overlay = lib.mkOption {
    type = lib.types.bool;
    default = osConfig.modules.desktop.gaming.enable or false;
    defaultText = lib.literalMD "whether the machine has Steam";
    description = "Whether games may show their frame rate.";
  };

  config.programs.mangohud = lib.mkIf cfg.overlay {
    enable = true;
    settings = {
      fps_limit = 144;
      gpu_temp = true;
      no_display = true;
      toggle_hud = "Shift_R+F12";
    };
  };
}
