# Printers, found by themselves.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.modules.services.printing;
in
{
  options.modules.services.printing = {
    enable = lib.mkEnableOption "printing";

    drivers = lib.mkOption {
      type = lib.types.listOf lib.types.package;
      default = [ pkgs.gutenprint ];
      defaultText = lib.literalExpression "[ pkgs.gutenprint ]";
      description = "Drivers for printers that do not speak IPP Everywhere.";
    };
  };

  config = lib.mkIf cfg.enable {
    services = {
      avahi = {
        enable = true;
        nssmdns4 = true;
        openFirewall = true;
      };
      printing = {
        enable = true;
        inherit (cfg) drivers;
      };
    };
  };
}
