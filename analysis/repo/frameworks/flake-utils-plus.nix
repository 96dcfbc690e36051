# flake-utils-plus: systems made of sets of settings below `hosts`.
{
  lib,
  nixosSystem,
  darwinSystem,
  unknown,
  ...
}:
let
  # Lists one after the other, sets by name, of other values the second.
  join =
    a: b:
    a
    // lib.mapAttrs (
      name: value:
      if builtins.isList value && builtins.isList (a.${name} or null) then
        a.${name} ++ value
      else if builtins.isAttrs value && builtins.isAttrs (a.${name} or null) then
        join a.${name} value
      else
        value
    ) b;
  mkFlake =
    {
      self,
      inputs,
      hosts ? { },
      hostDefaults ? { },
      ...
    }@args:
    let
      make =
        name: own:
        let
          host = join hostDefaults own;
          output = host.output or "nixosConfigurations";
          isDarwin = output == "darwinConfigurations";
          build = host.builder or (if isDarwin then darwinSystem else nixosSystem);
        in
        {
          ${output}.${name} = build {
            system = host.system or "x86_64-linux";
            specialArgs = host.specialArgs or { } // {
              channel = unknown "channel";
            };
            modules = [
              {
                networking.hostName = lib.head (lib.splitString "." name);
                _module.args = lib.optionalAttrs (!isDarwin) { inherit inputs; } // host.extraArgs or { };
              }
            ]
            ++ host.modules or [ ];
          };
        };
      others = removeAttrs args [
        "self"
        "inputs"
        "hosts"
        "hostDefaults"
        "channels"
        "channelsConfig"
        "sharedOverlays"
        "supportedSystems"
        "outputsBuilder"
        "nixosProfiles"
      ];
    in
    unknown "outputs" // lib.foldl' join others (lib.mapAttrsToList make hosts);
in
{
  lib = {
    inherit mkFlake;
  };
}
