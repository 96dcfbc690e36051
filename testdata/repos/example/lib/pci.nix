# PCI devices as Linux spells them, and what else a guest needs to be pinned to hardware.
{ lib }:

let
  inherit (lib.types) strMatching;
in
{
  types = {
    # domain:bus:device.function in hexadecimal, as printed by `lspci -D`. Domains of devices behind
    # an Intel VMD have five digits.
    address = strMatching "[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f][.][0-7]" // {
      description = "PCI address such as 0000:01:00.0";
    };

    # vendor:device, optionally followed by the ids of the board maker, as printed by `lspci -nn`.
    id = strMatching "[0-9a-f]{4}:[0-9a-f]{4}(:[0-9a-f]{4}:[0-9a-f]{4})?" // {
      description = "PCI id such as 10de:2c05";
    };

    # The X server counts in decimal: lspci's 0d:00.0 is PCI:13:0:0.
    busId = strMatching "PCI:[0-9]{1,3}(@[0-9]{1,10})?:[0-9]{1,2}:[0-7]" // {
      description = "bus id of the X server such as PCI:1:0:0";
    };

    # A list of CPUs as the kernel writes it.
    cpuList = strMatching "[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*" // {
      description = "list of CPUs such as 0-1,8-9";
    };
  };

  # "0000:01:00.0" in the four parts that libvirt wants, each in hexadecimal with its prefix.
  parse =
    address:
    let
      parts = builtins.match "(.+):(.+):(.+)[.](.)" address;
      part = index: "0x${builtins.elemAt parts index}";
    in
    {
      domain = part 0;
      bus = part 1;
      slot = part 2;
      function = part 3;
    };
}
