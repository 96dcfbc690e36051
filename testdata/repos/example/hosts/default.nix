# Every machine, by its name in `nixosConfigurations`.
{ lib }:

let
  users = import ../users;
in
{
  # Ryzen workstation; its GeForce belongs to the desktop or to a Windows guest.
  toaster = lib.mkHost {
    hostname = "toaster";
    users = with users; [ mira ];
  };

  # Notebook with two GPUs, shared by the family.
  laptop = lib.mkHost {
    hostname = "laptop";
    users = with users; [
      mira
      jonas
    ];
  };

  # Two-socket server in the cellar, without a screen.
  rack = lib.mkHost {
    hostname = "rack";
    stateVersion = "25.05";
    users = [ users.mira ];
    extraModules = [ { powerManagement.cpuFreqGovernor = "performance"; } ];
  };
}
