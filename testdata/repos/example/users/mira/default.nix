# mira: keeps the machines.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  secret = config.sops.secrets."mira/password";
in
{
  sops.secrets."mira/password" = {
    sopsFile = ./secrets.yaml;
    neededForUsers = true;
  };

  users.users.mira = {
    isNormalUser = true;
    description = "Mira";
    shell = pkgs.zsh;
    extraGroups = [
      "wheel"
    ]
    ++ lib.optional config.networking.networkmanager.enable "networkmanager";
    hashedPasswordFile = secret.path;
    openssh.authorizedKeys.keyFiles = [ ./id_ed25519.pub ];
  };

  home-manager.users.mira = import ./home;
}
