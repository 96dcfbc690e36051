# jonas at home.
{ modules, pkgs, ... }:

{
  imports = with modules.home; [
    ../../shared

    desktop.common
    desktop.plasma

    shell.starship
    shell.zsh

    dev.git

    editors.vscode

    apps.firefox
    apps.stremio
  ];

  modules = {
    desktop = {
      common.dark = false;
      plasma = {
        animationSpeed = 1.0;
        clockSeconds = "never";
      };
    };

    shell.zsh = {
      aliases = import ../../shared/aliases.nix;
      historySize = 5000;
    };

    dev.git = {
      name = "Jonas Example";
      email = "jonas@example.org";
    };

    editors.vscode = {
      enable = true;
      settings."editor.wordWrap" = "on";
    };

    apps = {
      firefox.enable = true;
      stremio.enable = true;
    };
  };

  home = {
    username = "jonas";
    homeDirectory = "/home/jonas";
    packages = with pkgs; [
      hunspellDicts.de_DE
      libreoffice-qt
    ];
  };
}
