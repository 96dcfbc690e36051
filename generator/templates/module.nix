{{ if and .Imported .Options }}# nixlint-ignore-file option-never-read: to be removed once config reads the options

{{ end -}}
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

  config = lib.mkIf cfg.enable { };
}
