# Programs for everybody.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.modules.services.packages;
in
{
  options.modules.services.packages = {
    enable = lib.mkEnableOption "programs for everybody";

    extra = lib.mkOption {
      type = lib.types.listOf lib.types.package;
      default = [ ];
      example = lib.literalExpression "[ pkgs.ffmpeg ]";
      description = "Programs beside the usual ones.";
    };
  };

  config = lib.mkIf cfg.enable {
    environment.systemPackages = [
      pkgs.curl
      pkgs.git
      pkgs.vim
    ]
    ++ cfg.extra;
  };
}
