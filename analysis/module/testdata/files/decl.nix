{ lib, ... }: {
  options.list = lib.mkOption {
    type = with lib.types; listOf unspecified;
    default = [ ];
  };
}
