# Visual Studio Code.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.modules.editors.vscode;
in
{
  options.modules.editors.vscode = {
    enable = lib.mkEnableOption "Visual Studio Code";

    settings = lib.mkOption {
      type = lib.types.attrsOf lib.types.anything;
      default = { };
      description = "Settings beyond those made here.";
    };
  };

  config.programs.vscode = lib.mkIf cfg.enable {
    enable = true;
    profiles.default = {
      enableUpdateCheck = false;
      extensions = with pkgs.vscode-extensions; [
        jnoortheen.nix-ide
        mkhl.direnv
      ];
      userSettings = {
        "editor.formatOnSave" = true;
        "files.trimTrailingWhitespace" = true;
        "telemetry.telemetryLevel" = "off";
      }
      // cfg.settings;
    };
  };
}
