# Programs that every machine should have when something is wrong.
{
  config,
  lib,
  pkgs,
  ...
}:

{
  options.modules.services.packages.extra = lib.mkOption {
    type = lib.types.listOf lib.types.package;
    default = [ ];
    description = "More programs for everybody on this machine.";
  };

  config.environment.systemPackages =
    with pkgs;
    [
      btop
      curl
      dig
      file
      git
      lsof
      pciutils
      ripgrep
      usbutils
    ]
    ++ config.modules.services.packages.extra;
}
