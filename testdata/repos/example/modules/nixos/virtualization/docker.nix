# Containers.
{ config, lib, ... }:

let
  cfg = config.modules.virtualization.docker;
in
{
  options.modules.virtualization.docker = {
    enable = lib.mkEnableOption "Docker";

    users = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      description = "Accounts that may start containers, which makes them as good as root.";
    };

    nvidia = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = "Whether containers may use NVIDIA cards.";
    };
  };

  config = lib.mkIf cfg.enable {
    virtualisation.docker = {
      enable = true;
      autoPrune.enable = true;
    };

    hardware.nvidia-container-toolkit.enable = cfg.nvidia;
    users.groups.docker.members = cfg.users;
  };
}
