# What every machine has. lib.mkHost loads this module for all of them.
{ meta, ... }:

{
  imports = [
    ./boot
    ./locale.nix
    ./nix.nix
    ./users.nix
  ];

  networking.hostName = meta.hostname;
  system.stateVersion = meta.stateVersion;
}
