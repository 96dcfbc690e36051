# What every machine has. lib.mkHost loads this module for all of them.
{ meta, ... }:

{
  imports = [
    ./boot.nix
    ./locale.nix
    ./nix.nix
  ];

  networking.hostName = meta.hostname;
  system.stateVersion = meta.stateVersion;
}
