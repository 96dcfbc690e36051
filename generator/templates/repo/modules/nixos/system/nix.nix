# Nix itself.
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
  };

  config.nix = {
    # `nix shell nixpkgs#…` takes packages from the revision this system was built from.
    registry.nixpkgs.flake = inputs.nixpkgs;
    channel.enable = false;
    optimise.automatic = true;

    gc = {
      automatic = true;
      options = "--delete-older-than ${toString cfg.gcAfterDays}d";
    };

    settings.experimental-features = [
      "nix-command"
      "flakes"
    ];
  };
}
