# Virtual machines. The machines themselves: modules/nixos/vms.
{
  config,
  lib,
  pkgs,
  ...
}:

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
      onBoot = "ignore";
      onShutdown = "shutdown";
      qemu = {
        package = pkgs.qemu_kvm;
        swtpm.enable = true;
      };
    };

    # A window to them is of use only to somebody who may look.
    programs.virt-manager.enable = cfg.users != [ ];
    users.groups.libvirtd.members = cfg.users;
  };
}
