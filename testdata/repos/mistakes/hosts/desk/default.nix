{ modules, ... }:

{
  imports = [
    ./disko.nix
    modules.nixos.hardware.nvidai
  ];

  environment.etc.motd.source = ./motd;
}
