# The part of nixpkgs' lib that declares options by means of other options,
# written in terms of what nixlint has natively. `base` is lib without it,
# `types` are the option types.
{ base, types }:
let
  inherit (base)
    attrByPath concatMap concatMapStringsSep concatStringsSep filter foldl' getAttrFromPath head isAttrs mapAttrs min mkIf
    mkMerge mkOption mkOverride optional optionalAttrs recursiveUpdate setAttrByPath showOption sort tail
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

  pushDownProperties =
    definition:
    if definition._type or "" == "merge" then
      concatMap pushDownProperties definition.contents
    else if definition._type or "" == "if" then
      map (mapAttrs (_: mkIf definition.condition)) (pushDownProperties definition.content)
    else if definition._type or "" == "override" then
      map (mapAttrs (_: mkOverride definition.priority)) (pushDownProperties definition.content)
    else
      [ definition ];

  dischargeProperties =
    definition:
    if definition._type or "" == "merge" then
      concatMap dischargeProperties definition.contents
    else if definition._type or "" == "if" then
      if definition.condition then dischargeProperties definition.content else [ ]
    else
      [ definition ];

  filterOverrides = definitions: (filterOverrides' definitions).values;
  filterOverrides' =
    definitions:
    let
      priorityOf = d: if d.value._type or "" == "override" then d.value.priority else 100;
      highestPrio = foldl' (best: d: min best (priorityOf d)) 9999 definitions;
      strip = d: if d.value._type or "" == "override" then d // { value = d.value.content; } else d;
    in
    {
      inherit highestPrio;
      values = map strip (filter (d: priorityOf d == highestPrio) definitions);
    };

  sortProperties =
    definitions:
    let
      strip =
        d:
        if d.value._type or "" == "order" then
          d
          // {
            value = d.value.content;
            inherit (d.value) priority;
          }
        else
          d;
    in
    sort (a: b: (a.priority or 1000) < (b.priority or 1000)) (map strip definitions);

  mergeDefinitions =
    loc: type: definitions:
    rec {
      defsFinal' =
        let
          discharged = concatMap (d: map (value: d // { inherit value; }) (dischargeProperties d.value)) definitions;
          kept = filterOverrides' discharged;
        in
        {
          values = sortProperties kept.values;
          inherit (kept) highestPrio;
        };
      defsFinal = defsFinal'.values;
      isDefined = defsFinal != [ ];
      optionalValue = if isDefined then { value = mergedValue; } else { };
      mergedValue =
        if isDefined then
          type.merge loc defsFinal
        else
          type.emptyValue.value or (throw "The option `${showOption loc}' was accessed but has no value defined. Try setting the option.");
    };

  # What activation scripts are put together with.
  noDepEntry = text: fullDepEntry text [ ];
  fullDepEntry = text: deps: { inherit text deps; };
  packEntry = fullDepEntry "";
  stringAfter = deps: text: fullDepEntry text deps;
  textClosureMap =
    f: entries: names:
    concatStringsSep "\n" (map f (textClosureList entries names));
  textClosureList =
    entries:
    let
      go =
        done: todo:
        if todo == [ ] then
          {
            inherit done;
            result = [ ];
          }
        else if isAttrs (head todo) then
          let
            before = go done (head todo).deps;
            after = go before.done (tail todo);
          in
          {
            result = before.result ++ [ (head todo).text ] ++ after.result;
            inherit (after) done;
          }
        else if done ? ${head todo} then
          go done (tail todo)
        else
          go (done // { ${head todo} = true; }) ([ entries.${head todo} ] ++ tail todo);
    in
    names: (go { } names).result;

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
