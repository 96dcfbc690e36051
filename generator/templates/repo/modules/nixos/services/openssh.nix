# Remote login with keys only.
{
  config,
  lib,
  meta,
  ...
}:

let
  cfg = config.modules.services.openssh;
in
{
  options.modules.services.openssh = {
    enable = lib.mkEnableOption "remote login";

    ports = lib.mkOption {
      type = lib.types.listOf lib.types.port;
      default = [ 22 ];
      description = "Ports to listen on.";
    };

    allowUsers = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = meta.users;
      defaultText = lib.literalExpression "meta.users";
      description = "Accounts that may log in.";
    };
  };

  config = lib.mkIf cfg.enable {
    services.openssh = {
      enable = true;
      inherit (cfg) ports;
      settings = {
        AllowUsers = cfg.allowUsers;
        KbdInteractiveAuthentication = false;
        PasswordAuthentication = false;
        PermitRootLogin = "no";
      };
    };
  };
}
