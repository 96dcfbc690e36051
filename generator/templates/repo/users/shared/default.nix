# What all accounts have at home.
{ osConfig, ... }:

{
  # Accounts are as old as the machine they are on.
  home.stateVersion = osConfig.system.stateVersion;

  programs.home-manager.enable = true;
}
