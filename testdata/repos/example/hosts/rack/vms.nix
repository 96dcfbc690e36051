# The guests of the server: 128 of the 512 GB, in pages of 1 GiB.
{ lib, ... }:

let
  # CPU n and CPU n + 64 are the two threads of one core.
  threadsOf =
    first: count:
    lib.concatMap (core: [
      core
      (core + 64)
    ]) (lib.range first (first + count - 1));
in
{
  virtualisation.vms = {
    # Computes on the first A6000. The card is at node 0, and so are cores 8 to 23.
    trainer = {
      memory = 65536;
      hugepages.enable = true;
      cpu = {
        cores = 16;
        threads = 2;
        pinning = {
          cpus = threadsOf 8 16;
          emulator = "6-7,70-71";
        };
      };
      # No ids: the twin of the card and the host's own virtual function have the same ones.
      vfio = {
        enable = true;
        devices = {
          gpu.address = "0000:27:00.0";
          audio.address = "0000:27:00.1";
          # The second virtual function of ens3f0.
          network.address = "0000:4b:01.1";
        };
      };
      network = {
        type = "bridge";
        interface = "br0";
      };
      disk.size = "1T";
      autostart = true;
    };

    # Builds packages on cores of node 1; needs no device.
    builder = {
      memory = 65536;
      hugepages.enable = true;
      cpu = {
        cores = 24;
        threads = 2;
        pinning = {
          cpus = threadsOf 40 24;
          emulator = "32-33,96-97";
        };
      };
      network = {
        type = "bridge";
        interface = "br0";
      };
      autostart = true;
    };
  };
}
