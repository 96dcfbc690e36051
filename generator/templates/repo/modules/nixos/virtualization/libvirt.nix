# libvirt and QEMU. The virtual machines: modules/nixos/vms.
{ config, lib, ... }:

let
  cfg = config.modules.virtualization.libvirt;
in
{
  options.modules.virtualization.libvirt = {
    enable = lib.mkEnableOption "libvirt and QEMU";

    users = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      description = "Accounts that may define and start machines.";
    };
  };

  config = lib.mkIf cfg.enable {
    virtualisation.libvirtd = {
      enable = true;
      qemu.swtpm.enable = true;
    };

    users.groups.libvirtd.members = cfg.users;
  };
}
