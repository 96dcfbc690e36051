# haumea: folders of Nix files as sets. A leading `_` hides a file from outside, a
# second one from all but the folder that it is in and those below.
{ lib, ... }:
let
  withoutHiding = file: lib.removePrefix "_" (lib.removePrefix "_" file);
  hiding =
    file:
    if lib.hasPrefix "__" file then
      "folder"
    else if lib.hasPrefix "_" file then
      "tree"
    else
      "none";
  withoutEnding =
    file:
    let
      parts = builtins.match "(.+)\\.[^.]+" file;
    in
    if parts == null then file else builtins.head parts;

  load =
    {
      src,
      loader ? loaders.default,
      inputs ? { },
      transformer ? [ ],
    }:
    let
      transform =
        cursor: set: builtins.foldl' (acc: change: change cursor acc) set (lib.flatten transformer);
      choices = if lib.isFunction loader then [ (matchers.nix loader) ] else loader;
      # The entries of a folder that lies at a list of names.
      read =
        folder: cursor:
        lib.concatLists (
          lib.mapAttrsToList (
            file: kind:
            let
              bare = withoutHiding file;
              fits = builtins.filter (choice: choice.matches bare) choices;
              path = folder + "/${file}";
              self = (builtins.head fits).loader (
                inputs
                // {
                  inherit self;
                  super = lib.attrByPath cursor { } (view cursor [ ] tree);
                  root = view cursor [ ] tree;
                }
              ) path;
            in
            if bare == "" then
              [ ]
            else if kind == "directory" then
              [
                {
                  name = bare;
                  hidden = hiding file;
                  folder = read path (cursor ++ [ bare ]);
                }
              ]
            else if kind == "regular" && fits != [ ] then
              [
                {
                  name = withoutEnding bare;
                  hidden = hiding file;
                  value = self;
                }
              ]
            else
              [ ]
          ) (builtins.readDir folder)
        );
      # What a file in the folder `from`, or one outside (null), sees of entries.
      view =
        from: cursor: entries:
        let
          sees =
            entry:
            entry.hidden == "none"
            || from != null && (entry.hidden == "tree" || lib.take (builtins.length cursor) from == cursor);
          shown =
            entry:
            lib.nameValuePair entry.name (
              if entry ? folder then view from (cursor ++ [ entry.name ]) entry.folder else entry.value
            );
        in
        transform cursor (builtins.listToAttrs (map shown (builtins.filter sees entries)));
      tree = read src [ ];
    in
    view null [ ] tree;

  called =
    importer: inputs: path:
    let
      f = lib.toFunction (importer path);
    in
    f (builtins.mapAttrs (name: _: inputs.${name}) (lib.functionArgs f));
  loaders = {
    default = called import;
    scoped = inputs: called (builtins.scopedImport inputs) inputs;
    verbatim = _: import;
    path = _: path: path;
    callPackage = inputs: path: lib.callPackageWith inputs path { };
  };
  extension = ending: loader: {
    matches = file: lib.hasSuffix ".${ending}" file && file != ".${ending}";
    inherit loader;
  };
  matchers = {
    inherit extension;
    nix = extension "nix";
    json = extension "json" (_: lib.importJSON);
    toml = extension "toml" (_: lib.importTOML);
    always = loader: {
      matches = _: true;
      inherit loader;
    };
    regex = pattern: loader: {
      matches = file: builtins.match pattern file != null;
      loader = inputs: path: loader (builtins.match pattern (baseNameOf path)) inputs path;
    };
  };
  # Moves an attribute of each file to the folder around it, and that of the folder
  # at the top to another name.
  hoist =
    join: from: to: cursor: set:
    let
      target = if cursor == [ ] then to else from;
    in
    builtins.foldl' (
      acc: name:
      let
        value = set.${name};
      in
      if builtins.isAttrs value && value ? ${from} then
        join target name value.${from} (acc // { ${name} = removeAttrs value [ from ]; })
      else
        acc // { ${name} = value; }
    ) { } (builtins.attrNames set);
  transformers = {
    liftDefault = _: set: removeAttrs set [ "default" ] // set.default or { };
    hoistAttrs = hoist (
      target: name: value: acc:
      lib.recursiveUpdate acc { ${target}.${name} = value; }
    );
    hoistLists = hoist (
      target: _: value: acc:
      acc // { ${target} = acc.${target} or [ ] ++ value; }
    );
    prependUnderscore =
      _:
      lib.mapAttrs' (
        name: lib.nameValuePair (if builtins.match "[a-zA-Z_].*" name == null then "_${name}" else name)
      );
  };
in
{
  lib = {
    inherit
      load
      loaders
      matchers
      transformers
      ;
    loadEvalTests = _: { };
  };
}
