# Terminals that outlive the connection.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.modules.shell.tmux;
in
{
  options.modules.shell.tmux = {
    prefix = lib.mkOption {
      type = lib.types.strMatching "[CM]-[a-z]";
      default = "C-a";
      description = "The keys before each command.";
    };

    restore = lib.mkEnableOption "the return of all windows after a restart";
  };

  config.programs.tmux = {
    enable = true;
    inherit (cfg) prefix;
    baseIndex = 1;
    escapeTime = 10;
    historyLimit = 20000;
    mouse = true;
    terminal = "tmux-256color";
    extraConfig = builtins.readFile ./tmux.conf;
    plugins = lib.optionals cfg.restore (
      with pkgs.tmuxPlugins;
      [
        resurrect
        continuum
      ]
    );
  };
}
