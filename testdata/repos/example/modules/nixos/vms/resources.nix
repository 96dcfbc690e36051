# What the machines need of the host.
{ config, lib, ... }:

let
  inherit (config.modules) vfio;

  enabled = lib.filterAttrs (_: vm: vm.enable) config.virtualisation.vms;

  devices = lib.concatMap (vm: lib.attrValues vm.vfio.devices) (
    lib.filter (vm: vm.vfio.enable) (lib.attrValues enabled)
  );

  # A machine that owns devices runs only in boot entries that give them away. Nobody needs its
  # memory set aside in the others.
  runnable = lib.filterAttrs (_: vm: vm.vfio.enable -> vfio.enable) enabled;

  pages = lib.foldl' (sum: vm: sum + vm.hugepages.count) 0 (lib.attrValues runnable);
in
{
  modules.vfio = {
    gpuPciIds = lib.filter (id: id != null) (map (device: device.id) devices);
    gpuPciAddresses = map (device: device.address) devices;
  };

  boot.kernelParams = lib.mkIf (pages > 0) [
    "default_hugepagesz=1G"
    "hugepagesz=1G"
    "hugepages=${toString pages}"
  ];

  assertions = lib.concatLists (
    lib.mapAttrsToList (
      name: vm:
      let
        inherit (vm.cpu) pinning;
        pins = lib.length pinning.cpus;
      in
      [
        {
          assertion = pins == 0 || pins == vm.vcpus;
          message = ''
            virtualisation.vms.${name} has ${toString vm.vcpus} CPUs, but pins ${toString pins}.
          '';
        }
        {
          assertion = vm.hugepages.enable -> lib.mod vm.memory 1024 == 0;
          message = "virtualisation.vms.${name}: with huge pages, memory is a multiple of 1024 MiB.";
        }
        {
          assertion = vm.vfio.enable -> vm.vfio.devices != { };
          message = "virtualisation.vms.${name}.vfio is enabled, but names no devices.";
        }
        {
          assertion = vm.network.type == "nat" || vm.network.interface != null;
          message = "virtualisation.vms.${name}.network.interface is needed for ${vm.network.type}.";
        }
      ]
    ) enabled
  );
}
