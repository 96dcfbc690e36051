# Claude Code.
{ config, lib, ... }:

{
  options.modules.editors.claudeCode.allowedCommands = lib.mkOption {
    type = lib.types.listOf lib.types.str;
    default = [
      "git diff:*"
      "git log:*"
      "nix flake check"
    ];
    description = "Commands that need no confirmation.";
  };

  config.programs.claude-code = {
    enable = true;
    settings = {
      includeCoAuthoredBy = false;
      permissions.allow = map (
        command: "Bash(${command})"
      ) config.modules.editors.claudeCode.allowedCommands;
    };
  };
}
