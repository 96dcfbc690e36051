{ config, lib, ... }:

let
  cfg = config.modules.system.boot;
in
{
  config = lib.mkIf (cfg.loader == "limine") {
    boot.loader.limine = {
      enable = true;
      efiSupport = true;
      # Nobody at the keyboard may add `init=/bin/sh`.
      enableEditor = false;
      inherit (cfg) maxGenerations;
    };
  };
}
