# Workspaces by number, windows by letter.
{ config, lib, ... }:

let
  workspaces = map toString (lib.range 1 5);
in
{
  config = lib.mkIf config.modules.desktop.gnome.enable {
    dconf.settings = {
      "org/gnome/desktop/wm/keybindings" = {
        close = [ "<Super>w" ];
        toggle-fullscreen = [ "<Super>f" ];
      }
      // lib.listToAttrs (
        lib.concatMap (number: [
          (lib.nameValuePair "switch-to-workspace-${number}" [ "<Super>${number}" ])
          (lib.nameValuePair "move-to-workspace-${number}" [ "<Shift><Super>${number}" ])
        ]) workspaces
      );

      # The numbers are taken from the programs in the dash.
      "org/gnome/shell/keybindings" = lib.listToAttrs (
        map (number: lib.nameValuePair "switch-to-application-${number}" [ ]) workspaces
      );
    };
  };
}
