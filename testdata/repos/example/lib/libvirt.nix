# libvirt's XML for the machines in `virtualisation.vms`.
#
# An element is a list of lines, so that nesting is indentation and nothing else.
{ lib }:

let
  pci = import ./pci.nix { inherit lib; };

  attributes =
    attrs:
    lib.concatStrings (
      lib.mapAttrsToList (name: value: " ${name}='${lib.escapeXML (toString value)}'") attrs
    );

  # <name attrs>children</name>; children are elements.
  element =
    name: attrs: children:
    let
      open = "<${name}${attributes attrs}";
      lines = lib.flatten children;
    in
    if lines == [ ] then
      [ "${open}/>" ]
    else
      [ "${open}>" ] ++ map (line: "  ${line}") lines ++ [ "</${name}>" ];

  # <name attrs>value</name>
  text = name: attrs: value: [
    "<${name}${attributes attrs}>${lib.escapeXML (toString value)}</${name}>"
  ];

  cpu =
    vm:
    element "cpu"
      {
        mode = "host-passthrough";
        check = "none";
        migratable = "off";
      }
      [
        (element "topology" {
          sockets = 1;
          dies = 1;
          inherit (vm.cpu) cores threads;
        } [ ])
      ];

  # vCPU n runs on the nth entry of `cpu.pinning.cpus`.
  cputune =
    vm:
    let
      inherit (vm.cpu) pinning;
      pin = vcpu: cpuset: element "vcpupin" { inherit vcpu cpuset; } [ ];
    in
    lib.optionals (pinning.cpus != [ ]) (
      element "cputune" { } (
        lib.imap0 pin pinning.cpus ++ [ (element "emulatorpin" { cpuset = pinning.emulator; } [ ]) ]
      )
    );

  memory =
    vm:
    text "memory" { unit = "MiB"; } vm.memory
    ++ lib.optionals vm.hugepages.enable (
      element "memoryBacking" { } [
        (element "hugepages" { } [
          (element "page" {
            size = 1;
            unit = "GiB";
          } [ ])
        ])
      ]
    );

  # libvirt looks for a firmware image that has what is asked for.
  firmware =
    vm:
    element "os" { firmware = "efi"; } [
      (text "type" {
        arch = "x86_64";
        machine = "q35";
      } "hvm")
      (element "loader" { secure = if vm.firmware.secureBoot then "yes" else "no"; } [ ])
    ];

  # Windows runs better when it knows that it is a guest; both want ACPI.
  features =
    vm:
    element "features" { } [
      (element "acpi" { } [ ])
      (element "apic" { } [ ])
      (lib.optional vm.firmware.secureBoot (element "smm" { state = "on"; } [ ]))
      (lib.optional (vm.os == "windows") (
        element "hyperv" { mode = "custom"; } (
          map (name: element name { state = "on"; } [ ]) [
            "relaxed"
            "vapic"
            "vpindex"
            "synic"
            "stimer"
            "frequencies"
          ]
        )
      ))
    ];

  clock =
    vm:
    element "clock" { offset = if vm.os == "windows" then "localtime" else "utc"; } [
      (element "timer" {
        name = "hpet";
        present = "no";
      } [ ])
    ];

  disk =
    vm:
    element "disk"
      {
        type = "file";
        device = "disk";
      }
      [
        (element "driver" {
          name = "qemu";
          type = "qcow2";
          discard = "unmap";
        } [ ])
        (element "source" { file = vm.disk.path; } [ ])
        (element "target" {
          dev = "vda";
          bus = "virtio";
        } [ ])
      ];

  hostdev =
    device:
    element "hostdev" {
      mode = "subsystem";
      type = "pci";
      managed = "yes";
    } [ (element "source" { } [ (element "address" (pci.parse device.address) [ ]) ]) ];

  interface =
    vm:
    let
      inherit (vm.network) type;
      sources = {
        nat = element "source" { network = "default"; } [ ];
        bridge = element "source" { bridge = vm.network.interface; } [ ];
        macvtap = element "source" {
          dev = vm.network.interface;
          mode = "bridge";
        } [ ];
      };
      types = {
        nat = "network";
        macvtap = "direct";
      };
    in
    element "interface" { type = types.${type} or type; } [
      sources.${type}
      (element "model" { type = "virtio"; } [ ])
    ];

  # The guest draws into memory that a program on the host shows.
  lookingGlass =
    vm:
    lib.optional vm.lookingGlass.enable (
      element "shmem" { name = "looking-glass"; } [
        (element "model" { type = "ivshmem-plain"; } [ ])
        (text "size" { unit = "M"; } vm.lookingGlass.size)
      ]
    );

  tpm =
    vm:
    lib.optional vm.firmware.tpm (
      element "tpm" { model = "tpm-crb"; } [
        (element "backend" {
          type = "emulator";
          version = "2.0";
        } [ ])
      ]
    );

  devices =
    vm:
    element "devices" { } [
      (disk vm)
      (interface vm)
      (map hostdev (lib.optionals vm.vfio.enable (lib.attrValues vm.vfio.devices)))
      (lookingGlass vm)
      (tpm vm)
      (element "graphics" { type = "spice"; } [ ])
      # Memory of a guest that owns a PCI device cannot be taken back.
      (lib.optional vm.vfio.enable (element "memballoon" { model = "none"; } [ ]))
    ];
in
{
  # The definition of one machine, ready for `virsh define`.
  domain =
    name: vm:
    lib.concatLines (
      element "domain" { type = "kvm"; } [
        (text "name" { } name)
        (memory vm)
        (text "vcpu" { placement = "static"; } vm.vcpus)
        (cpu vm)
        (cputune vm)
        (firmware vm)
        (features vm)
        (clock vm)
        (devices vm)
      ]
    );
}
