{ inputs }:

{
  mkHost =
    { hostname }:
    inputs.nixpkgs.lib.nixosSystem {
      specialArgs.modules.nixos = {
        hardware = {
          amd = "${inputs.self}/modules/nixos/hardware/amd.nix";
          nvidia = "${inputs.self}/modules/nixos/hardware/nvidia.nix";
        };
        desktop.gnome = "${inputs.self}/modules/nixos/gnome.nix";
      };
      modules = [ "${inputs.self}/hosts/${hostname}" ];
    };
}
