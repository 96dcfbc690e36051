# Switches on what the machine has installed.
{
  config,
  lib,
  osConfig,
  ...
}:

{
  config = lib.mkIf config.modules.desktop.gnome.enable {
    dconf.settings."org/gnome/shell" = {
      disable-user-extensions = false;
      enabled-extensions = map (extension: extension.extensionUuid) (
        osConfig.modules.desktop.gnome.extensions or [ ]
      );
    };
  };
}
