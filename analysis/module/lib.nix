# The part of nixpkgs' lib that declares options by means of other options,
# written in terms of what nixlint has natively. `base` is lib without it,
# `types` are the option types.
{ base, types }:
let
  inherit (base)
    attrByPath concatMapStringsSep filter foldl' getAttrFromPath head mkIf mkMerge mkOption mkOverride optional optionalAttrs
    recursiveUpdate setAttrByPath showOption
    ;

  showFiles = concatMapStringsSep " and " (file: "`${file}'");

  # What is defined for an option, for another one: with the priority of the first.
  alias =
    wrap: option:
    mkIf option.isDefined (wrap (mkMerge (map (mkOverride (option.highestPrio or 100)) option.definitions)));

  doRename =
    { from, to, visible ? true, warn ? false, use ? (x: x), withPriority ? true, condition ? true }:
    { config, options, ... }:
    let
      old = getAttrFromPath from options;
      new = attrByPath to { } options;
    in
    {
      options = setAttrByPath from (
        mkOption {
          inherit visible;
          description = "Alias of {option}`${showOption to}`.";
          apply = _: use (attrByPath to (abort "`${showOption to}` does not exist") config);
        }
        // { type = new.type or (types.submodule { }); }
        // optionalAttrs warn { renamedTo = to; }
      );
      config = mkIf condition (
        mkMerge [
          (optionalAttrs warn {
            warnings = optional old.isDefined "The option `${showOption from}' defined in ${showFiles old.files} has been renamed to `${showOption to}'.";
          })
          (
            if withPriority then
              alias (setAttrByPath to) old
            else
              mkIf old.isDefined (setAttrByPath to (mkMerge old.definitions))
          )
        ]
      );
    };
in
rec {
  inherit doRename;

  mkEnableOption = name: base.mkEnableOption name // { type = types.bool; };

  mkPackageOption =
    pkgs: name: args:
    base.mkPackageOption pkgs name args
    // {
      type = if args.nullable or false then types.nullOr types.package else types.package;
    };

  mkRenamedOptionModule =
    from: to:
    doRename {
      inherit from to;
      visible = false;
      warn = true;
    };

  mkRenamedOptionModuleWith =
    { sinceRelease, from, to }:
    doRename {
      inherit from to;
      visible = false;
      warn = true;
    };

  mkAliasOptionModule = from: to: doRename { inherit from to; };
  mkAliasOptionModuleMD = mkAliasOptionModule;

  mkRemovedOptionModule =
    path: instead:
    { options, ... }:
    {
      options = setAttrByPath path (
        mkOption {
          visible = false;
          apply = _: throw "The option `${showOption path}' has been removed. ${instead}";
        }
        // { removed = instead; }
      );
      config.assertions = [
        {
          assertion = !(getAttrFromPath path options).isDefined;
          message = ''
            The option definition `${showOption path}' in ${showFiles (getAttrFromPath path options).files} no longer has any effect; please remove it.
            ${instead}
          '';
        }
      ];
    };

  mkMergedOptionModule =
    from: to: merge:
    { config, options, ... }:
    let
      set = filter (path: getAttrFromPath path config != "_mkMergedOptionModule") from;
    in
    {
      options = foldl' recursiveUpdate { } (
        map (
          path:
          setAttrByPath path (mkOption {
            visible = false;
            default = "_mkMergedOptionModule";
          })
        ) from
      );
      config = {
        warnings = map (
          path:
          "The option `${showOption path}' defined in ${showFiles (getAttrFromPath path options).files} has been changed to `${showOption to}' that has a different type. Please read `${showOption to}' documentation and update your configuration accordingly."
        ) set;
      }
      // setAttrByPath to (mkMerge (optional (set != [ ]) (merge config)));
    };

  mkChangedOptionModule =
    from: to: change:
    mkMergedOptionModule [ from ] to change;

  mkAliasDefinitions = mkAliasAndWrapDefinitions (x: x);
  mkAliasAndWrapDefinitions = wrap: option: mkIf option.isDefined (wrap (mkMerge option.definitions));
  mkAliasAndWrapDefsWithPriority = alias;
  mkAliasIfDef = option: mkIf option.isDefined;
  mkDerivedConfig = option: f: mkOverride (option.highestPrio or 100) (f option.value);

  setDefaultModuleLocation = file: module: {
    _file = file;
    imports = [ module ];
  };

  importApply =
    file: args:
    {
      _file = toString file;
      imports = [ (import file args) ];
    };
  importJSON = file: { config = base.importJSON file; };
  importTOML = file: { config = base.importTOML file; };
  fixMergeModules = modules: args: base.evalModules { inherit modules args; };

  mergeOneOption = loc: defs: types.raw.merge loc defs;
  mergeEqualOption = loc: defs: types.equal.merge loc defs;
  mergeDefaultOption = loc: defs: types.unspecified.merge loc defs;
  mergeUniqueOption =
    args:
    let
      merge = args.merge or (_: defs: (head defs).value);
    in
    loc: defs:
    if builtins.length defs == 1 then merge loc defs else types.raw.merge loc defs;
}
