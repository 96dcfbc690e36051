{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.modules.desktop.common.fonts;

  # An option for one of the fonts.
  font =
    description: default:
    lib.mkOption {
      inherit default description;
      type = lib.types.submodule {
        options = {
          name = lib.mkOption {
            type = lib.types.str;
            description = "Name of the font.";
          };
          package = lib.mkOption {
            type = lib.types.package;
            description = "Where the font comes from.";
          };
          size = lib.mkOption {
            type = lib.types.ints.between 6 32;
            default = 11;
            description = "Size in points.";
          };
        };
      };
    };
in
{
  options.modules.desktop.common.fonts = {
    sans = font "Font of menus and buttons." {
      name = "Inter";
      package = pkgs.inter;
    };
    mono = font "Font of terminals and editors." {
      name = "JetBrains Mono";
      package = pkgs.jetbrains-mono;
      size = 10;
    };
  };

  config = {
    home.packages = [
      cfg.mono.package
      cfg.sans.package
    ];

    fonts.fontconfig = {
      enable = true;
      defaultFonts = {
        monospace = [ cfg.mono.name ];
        sansSerif = [ cfg.sans.name ];
      };
    };
  };
}
