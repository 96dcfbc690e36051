{ config, lib, ... }:

let
  cfg = config.modules.system.boot;
in
{
  config = lib.mkIf (cfg.loader == "systemd") {
    boot.loader.systemd-boot = {
      enable = true;
      configurationLimit = cfg.maxGenerations;
      editor = false;
    };
  };
}
