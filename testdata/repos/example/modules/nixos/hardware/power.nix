# Batteries: longer runs, longer lives.
{ config, lib, ... }:

let
  cfg = config.modules.hardware.power;
in
{
  options.modules.hardware.power = {
    enable = lib.mkEnableOption "power saving";

    chargeLimit = lib.mkOption {
      type = lib.types.ints.between 50 100;
      default = 100;
      description = "Charge in per cent at which charging stops.";
    };
  };

  config = lib.mkIf cfg.enable {
    services = {
      power-profiles-daemon.enable = false;
      tlp = {
        enable = true;
        settings = {
          CPU_ENERGY_PERF_POLICY_ON_BAT = "balance_power";
          START_CHARGE_THRESH_BAT0 = cfg.chargeLimit - 10;
          STOP_CHARGE_THRESH_BAT0 = cfg.chargeLimit;
        };
      };
      upower.enable = true;
    };
  };
}
