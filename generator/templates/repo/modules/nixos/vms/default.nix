# Virtual machines by declaration:
#
#   virtualisation.vms.windows11 = {
#     memory = 16384;
#     cpu.cores = 8;
#     vfio.enable = true;
#     …
#   };
#
# Each becomes a domain of libvirt. Devices are kept for guests by modules.vfio.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  machines = lib.filterAttrs (_: vm: vm.enable) config.virtualisation.vms;

  devices = lib.concatMap (vm: lib.optionals vm.vfio.enable (lib.attrValues vm.vfio.devices)) (
    lib.attrValues machines
  );

  # A machine that owns devices runs only where they are given away.
  runnable = lib.filterAttrs (_: vm: vm.vfio.enable -> config.modules.vfio.enable) machines;

  pages = lib.foldl' (
    sum: vm: sum + (if vm.hugepages.enable then vm.memory / 1024 else 0)
  ) 0 (lib.attrValues runnable);
in
{
  imports = [
    ../vfio/passthrough.nix
    ../virtualization/libvirt.nix
  ];

  options.virtualisation.vms = lib.mkOption {
    type = lib.types.attrsOf (lib.types.submodule (import ./vm.nix { inherit lib; }));
    default = { };
    description = "Virtual machines, by name.";
  };

  config = lib.mkIf (machines != { }) {
    modules = {
      vfio.gpuPciIds = lib.unique (map (device: device.id) devices);
      virtualization.libvirt.enable = true;
    };

    boot.kernelParams = lib.mkIf (pages > 0) [
      "default_hugepagesz=1G"
      "hugepagesz=1G"
      "hugepages=${toString pages}"
    ];

    environment.etc = lib.mapAttrs' (
      name: vm: lib.nameValuePair "vms/${name}.xml" { text = import ./domain.nix { inherit lib name vm; }; }
    ) runnable;

    systemd.services = lib.mapAttrs' (
      name: vm:
      lib.nameValuePair "define-vm-${name}" {
        description = "Virtual machine ${name}";
        after = [ "libvirtd.service" ];
        requires = [ "libvirtd.service" ];
        wantedBy = [ "multi-user.target" ];
        path = [
          pkgs.libvirt
          pkgs.qemu-utils
        ];
        restartTriggers = [ config.environment.etc."vms/${name}.xml".text ];
        serviceConfig = {
          Type = "oneshot";
          RemainAfterExit = true;
        };
        script = ''
          image=${lib.escapeShellArg vm.disk.path}
          [ -e "$image" ] || qemu-img create -f qcow2 "$image" ${vm.disk.size}
          virsh define /etc/vms/${name}.xml
          virsh autostart ${lib.optionalString (!vm.autostart) "--disable"} ${name}
        '';
      }
    ) runnable;

    assertions = lib.mapAttrsToList (name: vm: {
      assertion = vm.hugepages.enable -> lib.mod vm.memory 1024 == 0;
      message = "virtualisation.vms.${name}: with huge pages, memory is a multiple of 1024 MiB.";
    }) machines;
  };
}
