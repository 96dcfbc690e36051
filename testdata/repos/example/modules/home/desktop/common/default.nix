# What GNOME and Plasma users have in common: fonts, and programs of the other toolkit that fit in.
{ lib, ... }:

{
  imports = [
    ./fonts.nix
    ./gtk.nix
    ./qt.nix
  ];

  options.modules.desktop.common.dark = lib.mkOption {
    type = lib.types.bool;
    default = true;
    description = "Whether programs are light on dark.";
  };
}
