# Personal settings of GNOME. The desktop itself: modules/nixos/desktop/gnome.nix.
{
  config,
  lib,
  osConfig,
  ...
}:

let
  inherit (config.modules.desktop) common;
  cfg = config.modules.desktop.gnome;
in
{
  imports = [
    ../common
    ./extensions.nix
    ./keybindings.nix
  ];

  options.modules.desktop.gnome = {
    enable = lib.mkOption {
      type = lib.types.bool;
      default = osConfig.modules.desktop.gnome.enable or false;
      defaultText = lib.literalMD "whether the machine has GNOME";
      description = "Whether to write settings of GNOME.";
    };

    wallpaper = lib.mkOption {
      type = lib.types.nullOr lib.types.path;
      default = null;
      description = "Picture behind the windows.";
    };
  };

  config = lib.mkIf cfg.enable {
    dconf.settings = {
      "org/gnome/desktop/background" = lib.mkIf (cfg.wallpaper != null) {
        picture-uri = "file://${cfg.wallpaper}";
        picture-uri-dark = "file://${cfg.wallpaper}";
      };

      "org/gnome/desktop/interface" = {
        clock-show-weekday = true;
        color-scheme = if common.dark then "prefer-dark" else "default";
        monospace-font-name = "${common.fonts.mono.name} ${toString common.fonts.mono.size}";
      };

      "org/gnome/desktop/peripherals/mouse".accel-profile = "flat";
      "org/gnome/mutter".dynamic-workspaces = true;
      "org/gnome/settings-daemon/plugins/color" = {
        night-light-enabled = true;
        night-light-temperature = lib.hm.gvariant.mkUint32 3700;
      };
    };
  };
}
