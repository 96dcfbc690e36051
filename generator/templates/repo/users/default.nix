# Everybody, by the name of their account. hosts/default.nix chooses who is where.
{
  {{ .User }} = ./{{ .User }};
}
