# The virtual machine {{ .Name }}.
{
  {{ .Option }} = {
    {{- range .Settings }}
    {{ . }}
    {{- end }}
  };
  {{- if .Host }}

  # What it needs of the host.
  {{- range .Host }}
  {{ . }}
  {{- end }}
  {{- end }}
}
