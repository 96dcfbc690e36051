# Neovim, with its settings in Lua beside this file.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.modules.editors.neovim;
in
{
  options.modules.editors.neovim = {
    defaultEditor = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = "Whether other programs open files in it.";
    };

    plugins = lib.mkOption {
      type = lib.types.listOf lib.types.package;
      default = with pkgs.vimPlugins; [
        gitsigns-nvim
        nvim-lspconfig
        nvim-treesitter.withAllGrammars
        telescope-nvim
      ];
      defaultText = lib.literalMD "a few for Git, language servers and searching";
      description = "Plugins.";
    };
  };

  config.programs.neovim = {
    enable = true;
    viAlias = true;
    vimAlias = true;
    inherit (cfg) defaultEditor plugins;
    initLua = builtins.readFile ./init.lua;
  };
}
