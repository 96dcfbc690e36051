# The clock in the panel.
{ config, lib, ... }:

let
  inherit (config.modules.desktop) plasma;
in
{
  options.modules.desktop.plasma.clockSeconds = lib.mkOption {
    type = lib.types.enum [
      "always"
      "tooltip"
      "never"
    ];
    default = "tooltip";
    description = "When the clock counts seconds.";
  };

  config = lib.mkIf plasma.enable {
    xdg.configFile."plasma-clock.conf".text = lib.generators.toINI { } {
      Appearance.showSeconds = plasma.clockSeconds;
    };
  };
}
