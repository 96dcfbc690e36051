# Git with the arrow keys.
{
  programs.lazygit = {
    enable = true;
    settings = {
      gui.nerdFontsVersion = "3";
      git.pagers = [ { pager = "delta --dark --paging=never"; } ];
    };
  };
}
