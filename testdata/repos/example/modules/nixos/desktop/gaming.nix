# Steam and what makes games run evenly.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.modules.desktop.gaming;
in
{
  options.modules.desktop.gaming = {
    enable = lib.mkEnableOption "Steam and GameMode";

    remotePlay = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = "Whether to open the ports that Steam needs to show games elsewhere.";
    };
  };

  config = lib.mkIf cfg.enable {
    programs = {
      gamemode.enable = true;
      steam = {
        enable = true;
        remotePlay.openFirewall = cfg.remotePlay;
        extraCompatPackages = [ pkgs.proton-ge-bin ];
      };
    };

    # Some games map more memory than the kernel expects of any program.
    boot.kernel.sysctl."vm.max_map_count" = lib.mkDefault 2147483642;
  };
}
