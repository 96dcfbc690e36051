# What all accounts have at home.
{ osConfig, pkgs, ... }:

{
  home = {
    # Accounts are as old as the machine they are on.
    inherit (osConfig.system) stateVersion;

    packages = with pkgs; [
      fd
      jq
      unzip
    ];

    sessionVariables = {
      LESS = "-FRX";
      PAGER = "less";
    };
  };

  programs.home-manager.enable = true;

  xdg = {
    enable = true;
    userDirs = {
      enable = true;
      createDirectories = true;
    };
  };
}
