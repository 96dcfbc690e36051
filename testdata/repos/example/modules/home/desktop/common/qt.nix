{ config, lib, ... }:

{
  qt = {
    enable = true;
    # Plasma brings a platform theme of its own and wins.
    platformTheme.name = lib.mkDefault "adwaita";
    style.name = lib.mkDefault (
      if config.modules.desktop.common.dark then "adwaita-dark" else "adwaita"
    );
  };
}
