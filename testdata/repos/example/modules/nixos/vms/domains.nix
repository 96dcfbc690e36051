# Tells libvirt about the machines.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  runnable = lib.filterAttrs (
    _: vm: vm.enable && (vm.vfio.enable -> config.modules.vfio.enable)
  ) config.virtualisation.vms;
in
{
  environment.etc = lib.mapAttrs' (
    name: vm: lib.nameValuePair "vms/${name}.xml" { text = lib.libvirt.domain name vm; }
  ) runnable;

  systemd.services = lib.mapAttrs' (
    name: vm:
    lib.nameValuePair "define-vm-${name}" {
      description = "Virtual machine ${name}";
      after = [ "libvirtd.service" ];
      requires = [ "libvirtd.service" ];
      wantedBy = [ "multi-user.target" ];
      path = with pkgs; [
        libvirt
        qemu-utils
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
}
