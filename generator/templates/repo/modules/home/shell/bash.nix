# The shell.
{ config, lib, ... }:

let
  cfg = config.modules.shell.bash;
in
{
  options.modules.shell.bash = {
    enable = lib.mkEnableOption "Bash";

    aliases = lib.mkOption {
      type = lib.types.attrsOf lib.types.str;
      default = { };
      example = {
        ll = "ls -l";
      };
      description = "Short names for commands.";
    };
  };

  config = lib.mkIf cfg.enable {
    programs.bash = {
      enable = true;
      historyControl = [
        "erasedups"
        "ignorespace"
      ];
      shellAliases = cfg.aliases;
    };
  };
}
