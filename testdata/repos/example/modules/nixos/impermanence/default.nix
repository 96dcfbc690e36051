# An empty root at every start, and what is carried over.
{
  config,
  inputs,
  lib,
  ...
}:

let
  cfg = config.modules.impermanence;
in
{
  imports = [
    inputs.impermanence.nixosModules.impermanence
    ./rollback.nix
  ];

  options.modules.impermanence = {
    enable = lib.mkEnableOption "the carrying over of files from one start to the next";

    persistPath = lib.mkOption {
      type = lib.types.str;
      default = "/persist";
      description = "Where the files are that stay.";
    };

    directories = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      description = "Directories that stay, beside those that every machine needs.";
    };

    home = {
      users = lib.mkOption {
        type = lib.types.listOf lib.types.str;
        default = [ ];
        description = "Accounts whose home directory is empty, too.";
      };

      directories = lib.mkOption {
        type = lib.types.listOf lib.types.str;
        default = [ ];
        description = "What stays of it.";
      };
    };
  };

  config = lib.mkIf cfg.enable {
    environment.persistence.${cfg.persistPath} = {
      hideMounts = true;
      directories = [
        "/var/lib/nixos"
        "/var/lib/systemd"
        "/var/log"
      ]
      ++ cfg.directories;
      files = [
        "/etc/machine-id"
        "/etc/ssh/ssh_host_ed25519_key"
        "/etc/ssh/ssh_host_ed25519_key.pub"
      ];
      users = lib.genAttrs cfg.home.users (_: {
        inherit (cfg.home) directories;
      });
    };

    # Root's mounts in the home directories of others.
    programs.fuse.userAllowOther = true;
  };
}
