{
  description = "NixOS machines: {{ .Host }}";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/{{ .Branch }}";

    home-manager = {
      url = "github:nix-community/home-manager/{{ .HomeBranch }}";
      inputs.nixpkgs.follows = "nixpkgs";
    };

    # Partitions and file systems, declared in hosts/*/disko.nix.
    disko = {
      url = "github:nix-community/disko";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    inputs@{ nixpkgs, ... }:
    let
      # nixpkgs' library with mkHost.
      lib = nixpkgs.lib.extend (
        final: _prev:
        import ./lib {
          lib = final;
          inherit inputs;
        }
      );
    in
    {
      inherit lib;

      nixosConfigurations = import ./hosts { inherit lib; };
    };
}
