# {{ .Name }} at home.
{{ if .Formals }}{ {{ .Formals }} }:

{{ end -}}
{
  {{- if .Imports }}
  imports = [
    {{- range .Imports }}
    {{ . }}
    {{- end }}
  ];
  {{ end }}
  {{- range .Settings }}
  {{ . }}
  {{ end }}
  home = {
    username = "{{ .Name }}";
    homeDirectory = "/home/{{ .Name }}";
    {{- if .StateVersion }}
    stateVersion = {{ .StateVersion }};
    {{- end }}
  };
}
