# Git.
{ config, lib, ... }:

let
  cfg = config.modules.dev.git;
in
{
  options.modules.dev.git = {
    name = lib.mkOption {
      type = lib.types.str;
      example = "Mira Example";
      description = "Name in commits.";
    };

    email = lib.mkOption {
      type = lib.types.strMatching ".+@.+";
      example = "mira@example.org";
      description = "Address in commits.";
    };

    signingKey = lib.mkOption {
      type = lib.types.nullOr lib.types.str;
      default = null;
      example = "~/.ssh/id_ed25519.pub";
      description = "SSH key that signs commits, if any.";
    };
  };

  config.programs = {
    git = {
      enable = true;
      lfs.enable = true;

      signing = lib.mkIf (cfg.signingKey != null) {
        format = "ssh";
        key = cfg.signingKey;
        signByDefault = true;
      };

      settings = {
        user = { inherit (cfg) email name; };
        init.defaultBranch = "main";
        merge.conflictStyle = "zdiff3";
        pull.rebase = true;
        push.autoSetupRemote = true;
        rerere.enabled = true;
      };

      ignores = [
        ".direnv/"
        "result"
        "result-*"
      ];
    };

    delta = {
      enable = true;
      enableGitIntegration = true;
      options.navigate = true;
    };
  };
}
