# {{ .Name }} at home.
{
  {{- if .Imports }}
  imports = [
    {{- range .Imports }}
    {{ . }}
    {{- end }}
  ];
  {{ end }}
  home = {
    username = "{{ .Name }}";
    homeDirectory = "/home/{{ .Name }}";
    {{- if .StateVersion }}
    stateVersion = {{ .StateVersion }};
    {{- end }}
  };
}
