# The virtual machine {{ .Name }}.
{
  {{ .Option }} = {
    {{- range .Settings }}
    {{ . }}
    {{- end }}
  };
}
