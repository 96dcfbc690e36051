# Git.
{ config, lib, ... }:

let
  cfg = config.modules.dev.git;
in
{
  options.modules.dev.git = {
    enable = lib.mkEnableOption "Git";

    name = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      default = null;
      description = "Name in commits.";
    };

    email = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      default = null;
      description = "Address in commits.";
    };
  };

  config = lib.mkIf cfg.enable {
    programs.git = {
      enable = true;
      settings = {
        init.defaultBranch = "main";
        user = lib.filterAttrs (_: value: value != null) { inherit (cfg) email name; };
      };
    };
  };
}
