# `cd` that knows where one has been.
{
  programs.zoxide = {
    enable = true;
    options = [ "--cmd cd" ];
  };
}
