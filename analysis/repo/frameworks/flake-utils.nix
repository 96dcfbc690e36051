# flake-utils: functions of a system, called for several.
{ lib, unknown, ... }:
let
  allSystems = [
    "aarch64-darwin"
    "aarch64-linux"
    "armv5tel-linux"
    "armv6l-linux"
    "armv7l-linux"
    "i686-linux"
    "powerpc64le-linux"
    "riscv64-linux"
    "x86_64-darwin"
    "x86_64-freebsd"
    "x86_64-linux"
  ];
  defaultSystems = [
    "aarch64-darwin"
    "aarch64-linux"
    "x86_64-darwin"
    "x86_64-linux"
  ];
  # Each output by system.
  eachSystem =
    systems: f:
    lib.foldl' (
      acc: system:
      lib.foldl' (
        acc: name:
        acc
        // {
          ${name} = acc.${name} or { } // {
            ${system} = (f system).${name};
          };
        }
      ) acc (lib.attrNames (f system))
    ) { } systems;
  eachSystemMap = systems: f: lib.genAttrs systems f;
in
{
  lib = {
    inherit
      allSystems
      defaultSystems
      eachSystem
      eachSystemMap
      ;
    eachDefaultSystem = eachSystem defaultSystems;
    eachDefaultSystemMap = eachSystemMap defaultSystems;
    system = lib.genAttrs allSystems (system: system);
    mkApp = unknown "mkApp";
  };
}
