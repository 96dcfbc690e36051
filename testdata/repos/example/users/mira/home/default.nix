# mira at home, on every machine. Desktop modules find out themselves what the machine has.
{
  modules,
  osConfig,
  pkgs,
  ...
}:

let
  desktops = osConfig.modules.desktop or { };
  graphical = desktops ? gnome || desktops ? plasma;

  nx = pkgs.writeShellScriptBin "nx" (builtins.readFile ../../../scripts/nx.sh);
in
{
  imports = [
    ../../shared

    modules.home.desktop.gnome

    modules.home.shell.direnv
    modules.home.shell.fzf
    modules.home.shell.starship
    modules.home.shell.tmux
    modules.home.shell.zoxide
    modules.home.shell.zsh

    modules.home.dev.git
    modules.home.dev.languages
    modules.home.dev.lazygit

    modules.home.editors.claudeCode
    modules.home.editors.neovim

    modules.home.apps.firefox
    modules.home.apps.moonlight
    modules.home.apps.steam
  ];

  modules = {
    desktop = {
      gnome.wallpaper = ./wallpaper.svg;
      common.fonts.mono = {
        name = "Iosevka";
        package = pkgs.iosevka;
        size = 12;
      };
    };

    shell = {
      tmux.restore = true;
      zsh.aliases = import ../../shared/aliases.nix // {
        nr = "nx switch";
      };
    };

    dev = {
      git = {
        name = "Mira Example";
        email = "mira@example.org";
        signingKey = "~/.ssh/id_ed25519.pub";
      };
      languages = [
        "go"
        "nix"
        "rust"
      ];
    };

    apps = {
      firefox = {
        enable = graphical;
        homepage = "https://search.example.org";
      };
      moonlight.enable = graphical;
    };
  };

  home = {
    username = "mira";
    homeDirectory = "/home/mira";
    packages = [ nx ];
    file.".editorconfig".source = ./editorconfig;
  };
}
