# Virtual machines by declaration.
#
#   virtualisation.vms.windows11 = {
#     os = "windows";
#     memory = 16384;
#     vfio.enable = true;
#     …
#   };
#
# Each becomes a domain of libvirt. What the machines need of the host follows from them: devices
# kept for guests (modules.vfio), memory set aside in huge pages.
{ lib, ... }:

{
  imports = [
    ../vfio/passthrough.nix
    ./domains.nix
    ./resources.nix
  ];

  options.virtualisation.vms = lib.mkOption {
    type = lib.types.attrsOf (lib.types.submodule (import ./vm.nix { inherit lib; }));
    default = { };
    description = "Virtual machines, by name.";
  };
}
