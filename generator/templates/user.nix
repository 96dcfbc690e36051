# {{ .Name }}.
{{ if .Shell }}{ pkgs, ... }:

{{ end -}}
{
  users.users.{{ .Name }} = {
    isNormalUser = true;
    {{- if .Description }}
    description = {{ .Description }};
    {{- end }}
    {{- if .Shell }}
    shell = pkgs.{{ .Shell }};
    {{- end }}
    {{- if .Groups }}
    extraGroups = [ {{ range .Groups }}{{ . }} {{ end }}];
    {{- end }}
  };
  {{- if .Home }}

  home-manager.users.{{ .Name }} = import {{ .Home }};
  {{- end }}
}
