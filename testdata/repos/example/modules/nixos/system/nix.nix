# Nix itself: flakes, caches, clearing up.
{
  config,
  inputs,
  lib,
  ...
}:

let
  cfg = config.modules.system.nix;
in
{
  options.modules.system.nix = {
    gcAfterDays = lib.mkOption {
      type = lib.types.ints.between 1 365;
      default = 30;
      description = "Age in days from which generations are deleted.";
    };

    caches = lib.mkOption {
      type = lib.types.attrsOf lib.types.str;
      default = {
        "https://nix-community.cachix.org" =
          "nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs=";
      };
      description = "Binary caches beside the official one, and the key of each.";
    };
  };

  config = {
    nix = {
      # `nix shell nixpkgs#…` takes packages from the revision this system was built from.
      registry.nixpkgs.flake = inputs.nixpkgs;
      channel.enable = false;
      optimise.automatic = true;

      gc = {
        automatic = true;
        options = "--delete-older-than ${toString cfg.gcAfterDays}d";
      };

      settings = {
        experimental-features = [
          "nix-command"
          "flakes"
        ];
        substituters = lib.attrNames cfg.caches;
        trusted-public-keys = lib.attrValues cfg.caches;
        trusted-users = [ "@wheel" ];
      };
    };

    nixpkgs.config.allowUnfree = true;
  };
}
