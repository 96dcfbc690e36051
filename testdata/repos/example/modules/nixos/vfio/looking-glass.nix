# Looking Glass: the screen of the guest in a window, without a second cable.
#
# How large the shared memory is stands with the guest: virtualisation.vms.<name>.lookingGlass.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  inherit (config.modules) vfio;
  cfg = vfio.lookingGlass;
in
{
  imports = [ ./passthrough.nix ];

  options.modules.vfio.lookingGlass = {
    enable = lib.mkEnableOption "Looking Glass";

    users = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      example = [ "mira" ];
      description = "Accounts that may look at guests. The memory belongs to the first one.";
    };

    settings = lib.mkOption {
      type =
        with lib.types;
        attrsOf (
          attrsOf (oneOf [
            bool
            int
            str
          ])
        );
      default = {
        input.escapeKey = "KEY_RIGHTCTRL";
        win.fullScreen = true;
      };
      description = "Settings of the window, by section.";
    };
  };

  config = lib.mkIf (vfio.enable && cfg.enable) {
    environment = {
      systemPackages = [ pkgs.looking-glass-client ];
      etc."looking-glass-client.ini".text = lib.generators.toINI { } cfg.settings;
    };

    systemd.tmpfiles.rules = [ "f /dev/shm/looking-glass 0660 ${lib.head cfg.users} kvm -" ];
    users.groups.kvm.members = cfg.users;

    assertions = [
      {
        assertion = cfg.users != [ ];
        message = "modules.vfio.lookingGlass.users is empty: nobody could open the window.";
      }
    ];
  };
}
