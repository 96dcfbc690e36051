# Sensible limits for machines that run other people's programs.
{ config, lib, ... }:

let
  cfg = config.modules.security.base;
in
{
  options.modules.security.base = {
    wheelNeedsPassword = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = "Whether administrators must type their password for sudo.";
    };

    hideKernelPointers = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = "Whether kernel addresses and messages are kept from ordinary users.";
    };
  };

  config = {
    security = {
      apparmor.enable = true;
      polkit.enable = true;
      sudo = {
        execWheelOnly = true;
        inherit (cfg) wheelNeedsPassword;
      };
    };

    boot.kernel.sysctl = lib.mkIf cfg.hideKernelPointers {
      "kernel.dmesg_restrict" = 1;
      "kernel.kptr_restrict" = 2;
    };
  };
}
