# jonas: writes, watches films, leaves the machines alone.
{ config, pkgs, ... }:

{
  sops.secrets."jonas/password" = {
    sopsFile = ./secrets.yaml;
    neededForUsers = true;
  };

  users.users.jonas = {
    isNormalUser = true;
    description = "Jonas";
    shell = pkgs.zsh;
    extraGroups = [ "networkmanager" ];
    hashedPasswordFile = config.sops.secrets."jonas/password".path;
  };

  home-manager.users.jonas.imports = [ ./home ];
}
