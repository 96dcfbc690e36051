{
  description = "The machines of one household: a workstation with a GPU guest, a laptop, a server";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

    flake-parts = {
      url = "github:hercules-ci/flake-parts";
      inputs.nixpkgs-lib.follows = "nixpkgs";
    };

    home-manager = {
      url = "github:nix-community/home-manager";
      inputs.nixpkgs.follows = "nixpkgs";
    };

    # Partitions and file systems, declared in hosts/*/disko.nix.
    disko = {
      url = "github:nix-community/disko";
      inputs.nixpkgs.follows = "nixpkgs";
    };

    # Secrets stay encrypted in Git and are opened on the machine only.
    sops-nix = {
      url = "github:Mic92/sops-nix";
      inputs.nixpkgs.follows = "nixpkgs";
    };

    # What survives a reboot on hosts that start from an empty root.
    impermanence = {
      url = "github:nix-community/impermanence";
      inputs = {
        nixpkgs.follows = "nixpkgs";
        home-manager.follows = "home-manager";
      };
    };

    nixos-hardware = {
      url = "github:NixOS/nixos-hardware";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    inputs@{ flake-parts, nixpkgs, ... }:
    let
      # nixpkgs' library plus ours: lib.mkHost, lib.pci, lib.libvirt.
      lib = nixpkgs.lib.extend (
        final: _prev:
        import ./lib {
          lib = final;
          inherit inputs;
        }
      );

      hosts = import ./hosts { inherit lib; };
    in
    flake-parts.lib.mkFlake { inherit inputs; } {
      systems = [ "x86_64-linux" ];

      flake = {
        inherit lib;
        nixosConfigurations = hosts;
      };

      perSystem =
        { pkgs, ... }:
        {
          formatter = pkgs.nixfmt-tree;

          # `nix run .#nx -- switch`: the short way to everyday operations.
          packages.nx = pkgs.writeShellApplication {
            name = "nx";
            runtimeInputs = with pkgs; [
              git
              nvd
            ];
            text = builtins.readFile ./scripts/nx.sh;
          };

          devShells.default = pkgs.mkShellNoCC {
            packages = with pkgs; [
              age
              sops
              ssh-to-age
            ];
          };
        };
    };
}
