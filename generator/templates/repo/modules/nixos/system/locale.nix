# Language, time and keyboard.
{ config, lib, ... }:

let
  cfg = config.modules.system.locale;
in
{
  options.modules.system.locale = {
    timeZone = lib.mkOption {
      type = lib.types.str;
      default = "UTC";
      example = "Europe/Berlin";
      description = "Time zone of the clock.";
    };

    language = lib.mkOption {
      type = lib.types.str;
      default = "en_US.UTF-8";
      description = "Locale of messages, dates and numbers.";
    };

    keyMap = lib.mkOption {
      type = lib.types.str;
      default = "us";
      description = "Keyboard layout of the console.";
    };
  };

  config = {
    time.timeZone = cfg.timeZone;
    i18n.defaultLocale = cfg.language;
    console.keyMap = cfg.keyMap;
  };
}
