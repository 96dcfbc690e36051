# adios-flake: outputs for each system by modules, and others under `flake`.
{
  lib,
  pkgs,
  unknown,
  ...
}:
{
  lib.mkFlake =
    {
      flake ? { },
      ...
    }:
    let
      ofSystem = system: unknown "perSystem" // { inherit pkgs system; };
      given =
        if lib.isFunction flake then flake { withSystem = system: f: f (ofSystem system); } else flake;
    in
    unknown "outputs" // given;
}
