# Accounts are what users/ says, and nothing else.
{
  config,
  lib,
  meta,
  pkgs,
  ...
}:

{
  options.modules.system.users.shell = lib.mkOption {
    type = lib.types.package;
    default = pkgs.zsh;
    defaultText = lib.literalExpression "pkgs.zsh";
    description = "Shell of accounts that ask for no other.";
  };

  config = {
    programs.zsh.enable = true;

    users = {
      mutableUsers = false;
      defaultUserShell = config.modules.system.users.shell;
    };

    assertions = map (name: {
      assertion = config.users.users.${name}.isNormalUser or false;
      message = "users/${name} does not declare a normal account called ${name}.";
    }) meta.users;
  };
}
