{
  description = "A small configuration with the mistakes that nixlint finds";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    inputs@{ nixpkgs, ... }:
    let
      lib = nixpkgs.lib.extend (final: _prev: import ./lib { inherit inputs; });
    in
    {
      nixosConfigurations.desk = lib.mkHost { hostname = "desk"; };
    };
}
