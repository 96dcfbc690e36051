# The shell.
{ config, lib, ... }:

let
  cfg = config.modules.shell.zsh;
in
{
  options.modules.shell.zsh = {
    aliases = lib.mkOption {
      type = lib.types.attrsOf lib.types.str;
      default = { };
      description = "Short names for commands.";
    };

    historySize = lib.mkOption {
      type = lib.types.ints.positive;
      default = 50000;
      description = "How many commands to remember.";
    };
  };

  config.programs.zsh = {
    enable = true;
    autosuggestion.enable = true;
    dotDir = "${config.xdg.configHome}/zsh";
    shellAliases = cfg.aliases;
    syntaxHighlighting.enable = true;

    history = {
      ignoreSpace = true;
      save = cfg.historySize;
      size = cfg.historySize;
    };

    initContent = lib.mkOrder 1200 ''
      # Words end at slashes too, so that Ctrl-W removes one part of a path.
      WORDCHARS="''${WORDCHARS//\/}"
    '';
  };
}
