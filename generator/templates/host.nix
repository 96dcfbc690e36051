# {{ .Name }}.
{{ if .Formals }}{ {{ .Formals }} }:

{{ end -}}
{
  {{- if .Imports }}
  imports = [
    {{- range $i, $group := .Imports }}
    {{- if $i }}
{{/* groups stand apart */}}
    {{- end }}
    {{- range $group }}
    {{ . }}
    {{- end }}
    {{- end }}
  ];
  {{- end }}
  {{- range $i, $setting := .Settings }}
  {{- if or $i $.Imports }}
{{/* settings stand apart */}}
  {{- end }}
  {{ $setting }}
  {{- end }}
}
