{
  imports = [ ./plain.nix ];
  list = [ "importer" ];
}
