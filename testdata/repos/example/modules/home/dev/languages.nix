# Compilers and language servers, by language.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  tools = with pkgs; {
    go = [
      go
      gopls
    ];
    nix = [
      nixfmt
      nix-tree
    ];
    python = [
      python3
      ruff
      uv
    ];
    rust = [
      cargo
      clippy
      rust-analyzer
      rustc
    ];
  };
in
{
  options.modules.dev.languages = lib.mkOption {
    type = lib.types.listOf (lib.types.enum (lib.attrNames tools));
    default = [ "nix" ];
    description = "Languages to have everything for.";
  };

  config.home.packages = lib.concatMap (language: tools.${language}) config.modules.dev.languages;
}
