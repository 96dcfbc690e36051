{
  _class = "nixos";
  list = [ "c" ];
}
