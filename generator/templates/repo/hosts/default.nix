# Every machine, by its name in `nixosConfigurations`.
{ lib }:

let
  users = import ../users;
in
{
  {{ .Host }} = lib.mkHost {
    hostname = "{{ .Host }}";
    users = [ users.{{ .User }} ];
  };
}
