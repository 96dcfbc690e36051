# Numbers about the machine, for Prometheus to fetch.
{ config, lib, ... }:

let
  cfg = config.modules.services.monitoring;
in
{
  options.modules.services.monitoring = {
    enable = lib.mkEnableOption "the Prometheus node exporter";

    listenAddress = lib.mkOption {
      type = lib.types.str;
      default = "127.0.0.1";
      description = "Address to answer on.";
    };

    port = lib.mkOption {
      type = lib.types.port;
      default = 9100;
      description = "Port to answer on.";
    };

    collectors = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ "systemd" ];
      description = "Collectors beyond those that are on by themselves.";
    };
  };

  config = lib.mkIf cfg.enable {
    services = {
      prometheus.exporters.node = {
        enable = true;
        enabledCollectors = cfg.collectors;
        inherit (cfg) listenAddress port;
      };
      smartd.enable = true;
    };
  };
}
