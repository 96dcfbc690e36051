# Personal settings of Plasma. The desktop itself: modules/nixos/desktop/plasma.nix.
{
  config,
  lib,
  osConfig,
  ...
}:

let
  cfg = config.modules.desktop.plasma;
in
{
  imports = [ ./panels.nix ];

  options.modules.desktop.plasma = {
    enable = lib.mkOption {
      type = lib.types.bool;
      default = osConfig.modules.desktop.plasma.enable or false;
      defaultText = lib.literalMD "whether the machine has Plasma";
      description = "Whether to write settings of Plasma.";
    };

    animationSpeed = lib.mkOption {
      type = lib.types.float;
      default = 0.5;
      description = "How long animations take; 1 is Plasma's own pace.";
    };
  };

  config = lib.mkIf cfg.enable {
    xdg.configFile = {
      "kdeglobals".text = lib.generators.toINI { } {
        KDE.AnimationDurationFactor = cfg.animationSpeed;
      };
      "kwinrc".text = lib.generators.toINI { } {
        NightColor.Active = true;
        Plugins.shakecursorEnabled = false;
      };
    };

    qt.platformTheme.name = "kde";
  };
}
