# The definition of one virtual machine, ready for `virsh define`.
{
  lib,
  name,
  vm,
}:

let
  inherit (lib) concatImapStrings concatMapStrings optionalString;

  source =
    address:
    let
      parts = builtins.match "(.+):(.+):(.+)[.](.)" address;
      part = index: "0x${builtins.elemAt parts index}";
    in
    "<address domain='${part 0}' bus='${part 1}' slot='${part 2}' function='${part 3}'/>";
in
''
  <domain type='kvm'>
    <name>${name}</name>
    <memory unit='MiB'>${toString vm.memory}</memory>
    ${optionalString vm.hugepages.enable ''
      <memoryBacking><hugepages><page size='1' unit='GiB'/></hugepages></memoryBacking>
    ''}
    <vcpu placement='static'>${toString (vm.cpu.cores * vm.cpu.threads)}</vcpu>
    <cpu mode='host-passthrough' check='none' migratable='off'>
      <topology sockets='1' dies='1' cores='${toString vm.cpu.cores}' threads='${toString vm.cpu.threads}'/>
    </cpu>
    ${optionalString (vm.cpu.pinning.cpus != [ ]) ''
      <cputune>
        ${concatImapStrings (
          i: cpu: "<vcpupin vcpu='${toString (i - 1)}' cpuset='${toString cpu}'/>\n"
        ) vm.cpu.pinning.cpus}
        <emulatorpin cpuset='${vm.cpu.pinning.emulator}'/>
      </cputune>
    ''}
    <os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type></os>
    <features><acpi/><apic/></features>
    <devices>
      <disk type='file' device='disk'>
        <driver name='qemu' type='qcow2' discard='unmap'/>
        <source file='${lib.escapeXML vm.disk.path}'/>
        <target dev='vda' bus='virtio'/>
      </disk>
      <interface type='network'><source network='default'/><model type='virtio'/></interface>
      <tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>
      <graphics type='spice'/>
      ${optionalString vm.lookingGlass.enable ''
        <shmem name='looking-glass'>
          <model type='ivshmem-plain'/>
          <size unit='M'>${toString vm.lookingGlass.size}</size>
        </shmem>
      ''}
      ${optionalString vm.vfio.enable (
        concatMapStrings (device: ''
          <hostdev mode='subsystem' type='pci' managed='yes'>
            <source>${source device.address}</source>
          </hostdev>
        '') (lib.attrValues vm.vfio.devices)
      )}
    </devices>
  </domain>
''
