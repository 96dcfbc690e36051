package rules

// exampleHost is a flake with one host, for examples; its module follows.
const exampleHost = `-- flake.nix --
{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.desk = nixpkgs.lib.nixosSystem { modules = [ ./desk.nix ]; };
  };
}
-- desk.nix --
`

// exampleGuests is exampleHost with an option for guests.
const exampleGuests = `-- flake.nix --
{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.desk = nixpkgs.lib.nixosSystem { modules = [ ./vms.nix ./desk.nix ]; };
  };
}
-- vms.nix --
{ lib, ... }:
{
  options.virtualisation.vms = lib.mkOption {
    type = lib.types.attrsOf lib.types.anything;
    default = { };
    description = "Virtual machines.";
  };
}
-- desk.nix --
`

// exampleMachine is what was recorded of the machine in examples: eight
// processors on four cores, a card of NVIDIA's, the graphics of the processor.
const exampleMachine = `-- hosts/desk/hardware.json --
{
 "schema": "nixlint.host-snapshot/1",
 "host": "desk",
 "captured": { "date": "2026-11-23", "bootContext": "base" },
 "kernel": { "release": "6.18.38", "arch": "x86_64" },
 "cpu": {
  "vendor": "AuthenticAMD", "online": "0-7", "possible": "0-7", "smt": true,
  "cpus": [
   { "cpu": 0, "pkg": 0, "die": 0, "core": 0, "siblings": "0,4", "l3": "0-7" },
   { "cpu": 1, "pkg": 0, "die": 0, "core": 1, "siblings": "1,5", "l3": "0-7" },
   { "cpu": 2, "pkg": 0, "die": 0, "core": 2, "siblings": "2,6", "l3": "0-7" },
   { "cpu": 3, "pkg": 0, "die": 0, "core": 3, "siblings": "3,7", "l3": "0-7" },
   { "cpu": 4, "pkg": 0, "die": 0, "core": 0, "siblings": "0,4", "l3": "0-7" },
   { "cpu": 5, "pkg": 0, "die": 0, "core": 1, "siblings": "1,5", "l3": "0-7" },
   { "cpu": 6, "pkg": 0, "die": 0, "core": 2, "siblings": "2,6", "l3": "0-7" },
   { "cpu": 7, "pkg": 0, "die": 0, "core": 3, "siblings": "3,7", "l3": "0-7" }
  ]
 },
 "memory": { "totalKiB": 16332800 },
 "iommu": {
  "units": [ "ivhd0" ],
  "groups": {
   "0": { "devices": [ "0000:01:00.0", "0000:01:00.1" ] },
   "1": { "devices": [ "0000:0d:00.0" ] }
  }
 },
 "pci": [
  { "address": "0000:01:00.0", "vendor": "10de", "device": "2c05", "class": "030000", "iommuGroup": 0, "bootVga": false },
  { "address": "0000:01:00.1", "vendor": "10de", "device": "22e9", "class": "040300", "iommuGroup": 0 },
  { "address": "0000:0d:00.0", "vendor": "1002", "device": "164e", "class": "030000", "iommuGroup": 1, "bootVga": true }
 ]
}
`
