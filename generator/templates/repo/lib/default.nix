# What this repository adds to nixpkgs' library.
{ lib, inputs }:

{
  # Builds one machine: mkHost { hostname = "{{ .Host }}"; users = [ ../users/{{ .User }} ]; }
  #
  # `hostname` names the folder under hosts/. `users` are folders under users/; the name of the
  # folder is the name of the account. NixOS modules get these arguments:
  #
  #   meta     { hostname, stateVersion, users }, users being a list of account names
  #   modules  the registry of NixOS modules: `imports = [ modules.nixos.networking.base ];`
  #   inputs   the inputs of the flake
  #
  # Home-manager modules get `inputs` and a registry of their own: `modules.home.dev.git`.
  mkHost =
    {
      hostname,
      stateVersion ? "{{ .StateVersion }}",
      users ? [ ],
      extraModules ? [ ],
    }:
    inputs.nixpkgs.lib.nixosSystem {
      inherit lib;

      specialArgs = {
        inherit inputs;

        meta = {
          inherit hostname stateVersion;
          users = map (folder: baseNameOf (toString folder)) users;
        };

        # Nothing here is loaded by itself: a host imports what it needs.
        modules.nixos = {
          networking = {
            base = "${inputs.self}/modules/nixos/networking/base.nix";
          };
          services = {
            openssh = "${inputs.self}/modules/nixos/services/openssh.nix";
            packages = "${inputs.self}/modules/nixos/services/packages.nix";
          };
          vfio = {
            passthrough = "${inputs.self}/modules/nixos/vfio/passthrough.nix";
          };
          virtualization = {
            libvirt = "${inputs.self}/modules/nixos/virtualization/libvirt.nix";
          };
          vms = "${inputs.self}/modules/nixos/vms";
        };
      };

      modules = [
        inputs.disko.nixosModules.disko
        inputs.home-manager.nixosModules.home-manager

        # Boot loader, Nix and locale: what every machine has.
        "${inputs.self}/modules/nixos/system"
        "${inputs.self}/hosts/${hostname}"

        {
          home-manager = {
            useGlobalPkgs = true;
            useUserPackages = true;
            backupFileExtension = "before-home-manager";

            extraSpecialArgs = {
              inherit inputs;

              modules.home = {
                dev = {
                  git = "${inputs.self}/modules/home/dev/git.nix";
                };
                shell = {
                  bash = "${inputs.self}/modules/home/shell/bash.nix";
                };
              };
            };
          };
        }
      ]
      ++ users
      ++ extraModules;
    };
}
