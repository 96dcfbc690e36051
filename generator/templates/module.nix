{ config, lib, {{- if .Pkgs }} pkgs, {{- end }} ... }:

let
  cfg = config.{{ .Option }};
in
{
  options.{{ .Option }} = {
    enable = lib.mkEnableOption "{{ .Description }}";
    {{- range .Options }}

    {{ .Name }} = lib.mkOption {
      type = {{ .Type }};
      {{- if .Default }}
      default = {{ .Default }};
      {{- end }}
      description = "{{ .Description }}";
    };
    {{- end }}
  };

  {{- if .Options }}

  config = lib.mkIf cfg.enable {
    # To be replaced by what the options are for.
    {{ if .Home }}xdg.configFile{{ else }}environment.etc{{ end }}."{{ .File }}.json".text = builtins.toJSON { inherit (cfg) {{ range .Options }}{{ .Name }} {{ end }}; };
  };
  {{- else }}

  config = lib.mkIf cfg.enable { };
  {{- end }}
}
