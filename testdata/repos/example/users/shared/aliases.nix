# Short names that everybody types. Data: the homes import it for modules.shell.zsh.aliases.
{
  ".." = "cd ..";
  g = "git";
  l = "ls --long --human-readable --group-directories-first";
  ports = "ss --listening --tcp --udp --numeric --processes";
}
