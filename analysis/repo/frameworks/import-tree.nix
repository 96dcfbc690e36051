# import-tree: a function that takes paths and gives a module that imports all Nix
# files below them, save those with a part that starts with `_`. It has attributes
# that give the same with another choice of files.
{ lib, ... }:
let
  tree =
    settings:
    let
      also = changes: tree (settings // changes);
      choose = test: also { keep = file: settings.keep file && test file; };
      below =
        root:
        if builtins.isList root then
          lib.concatMap below root
        else if builtins.isAttrs root && root ? files && root ? withLib then
          root.files
        else if builtins.isAttrs root && root ? outPath then
          below (root.outPath)
        else if
          (builtins.isPath root || builtins.isString root) && builtins.readFileType root == "directory"
        then
          let
            isOurs = file: settings.first (lib.removePrefix (toString root) (toString file));
            wanted = file: isOurs file && settings.keep (lib.removePrefix (toString root) (toString file));
          in
          builtins.filter wanted (lib.filesystem.listFilesRecursive root)
        else
          [ root ];
      files =
        roots:
        map settings.change (below [
          settings.roots
          roots
        ]);
      result =
        roots: if settings.end == null then { imports = files roots; } else settings.end (files roots);
    in
    builtins.mapAttrs (_: f: f (tree settings)) settings.api
    // {
      __functor = _: arg: result (if builtins.isAttrs arg && arg ? options then [ ] else arg);
      filter = choose;
      filterNot = test: choose (file: !test file);
      match = pattern: choose (file: builtins.match pattern file != null);
      matchNot = pattern: choose (file: builtins.match pattern file == null);
      map = f: also { change = file: f (settings.change file); };
      addPath = root: also { roots = settings.roots ++ [ root ]; };
      addAPI = api: also { api = settings.api // api; };
      withLib = _: tree settings;
      initFilter = test: also { first = test; };
      pipeTo = f: also { end = f; };
      leafs = also { end = list: list; };
      result = result [ ];
      files = files [ ];
      new = tree initial;
    };
  initial = {
    roots = [ ];
    keep = _: true;
    first = file: lib.hasSuffix ".nix" file && !lib.hasInfix "/_" file;
    change = file: file;
    end = null;
    api = { };
  };
in
tree initial
