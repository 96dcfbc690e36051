# What NixOS' module of this name declares, as far as others depend on it.
{ lib, ... }:
let
  internal =
    default: description:
    lib.mkOption {
      type = lib.types.anything;
      internal = true;
      inherit default description;
    };
in
{
  options.meta = {
    maintainers = lib.mkOption {
      type = lib.types.listOf lib.types.raw;
      internal = true;
      default = [ ];
      description = "Who looks after a module.";
    };
    doc = internal null "Documentation of a module.";
    buildDocsInSandbox = internal true "Whether the documentation of a module needs nothing else.";
  };
}
