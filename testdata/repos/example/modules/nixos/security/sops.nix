# Where secrets are and which key opens them.
{
  config,
  inputs,
  lib,
  ...
}:

let
  cfg = config.modules.security.sops;
in
{
  imports = [ inputs.sops-nix.nixosModules.sops ];

  options.modules.security.sops = {
    defaultFile = lib.mkOption {
      type = lib.types.path;
      example = lib.literalExpression "./secrets.yaml";
      description = "File of secrets that name no other.";
    };

    hostKey = lib.mkOption {
      type = lib.types.str;
      default = "/etc/ssh/ssh_host_ed25519_key";
      description = "The machine's own SSH key, which opens the files.";
    };
  };

  config.sops = {
    defaultSopsFile = cfg.defaultFile;
    age.sshKeyPaths = [ cfg.hostKey ];
  };
}
