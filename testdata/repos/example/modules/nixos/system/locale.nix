# Language, time and keyboard.
{ config, lib, ... }:

let
  cfg = config.modules.system.locale;
in
{
  options.modules.system.locale = {
    timeZone = lib.mkOption {
      type = lib.types.str;
      default = "Europe/Berlin";
      description = "Time zone of the clock.";
    };

    language = lib.mkOption {
      type = lib.types.str;
      default = "en_GB.UTF-8";
      description = "Locale of messages.";
    };

    formats = lib.mkOption {
      type = lib.types.str;
      default = "de_DE.UTF-8";
      description = "Locale of dates, numbers, paper and money.";
    };

    keyMap = lib.mkOption {
      type = lib.types.str;
      default = "us";
      description = "Keyboard layout of the console.";
    };
  };

  config = {
    time.timeZone = cfg.timeZone;
    console.keyMap = cfg.keyMap;

    i18n = {
      defaultLocale = cfg.language;
      extraLocaleSettings = lib.genAttrs [
        "LC_MEASUREMENT"
        "LC_MONETARY"
        "LC_NUMERIC"
        "LC_PAPER"
        "LC_TIME"
      ] (_: cfg.formats);
    };
  };
}
