# Choosing from long lists.
{ lib, pkgs, ... }:

let
  find = "${lib.getExe pkgs.fd} --hidden --exclude .git";
in
{
  programs.fzf = {
    enable = true;
    defaultCommand = "${find} --type file";
    changeDirWidgetCommand = "${find} --type directory";
    defaultOptions = [
      "--height=40%"
      "--layout=reverse"
    ];
  };
}
