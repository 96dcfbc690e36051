# Firefox with little noise.
{ config, lib, ... }:

let
  cfg = config.modules.apps.firefox;
in
{
  options.modules.apps.firefox = {
    enable = lib.mkEnableOption "Firefox";

    homepage = lib.mkOption {
      type = lib.types.str;
      default = "about:blank";
      description = "First page of a new window.";
    };
  };

  config.programs.firefox = lib.mkIf cfg.enable {
    enable = true;
    profiles.default.settings = {
      "browser.aboutConfig.showWarning" = false;
      "browser.startup.homepage" = cfg.homepage;
      "datareporting.healthreport.uploadEnabled" = false;
      "dom.security.https_only_mode" = true;
    };
  };
}
