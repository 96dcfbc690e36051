#!/usr/bin/env bash
# nx: everyday operations on this flake.
#
#   nx build [HOST]     build, and show what would change
#   nx switch [HOST]    build, show, and make it run now
#   nx boot [HOST]      build, show, and make it the default of the next start
#   nx update [INPUT]   move the lock file forward
#   nx clean [DAYS]     delete generations older than DAYS
#   nx vfio             restart into the boot entry that gives the GPU to the guest
set -euo pipefail

flake=${NX_FLAKE:-$(git rev-parse --show-toplevel 2>/dev/null || echo "$HOME/src/nixos")}
action=${1:-help}
shift || true

build() {
  local host=$1
  nix build --no-link --print-out-paths \
    "$flake#nixosConfigurations.$host.config.system.build.toplevel"
}

show() {
  nvd diff /run/current-system "$1"
}

case $action in
  build)
    show "$(build "${1:-$(hostname)}")"
    ;;
  switch | boot)
    host=${1:-$(hostname)}
    show "$(build "$host")"
    sudo nixos-rebuild "$action" --flake "$flake#$host"
    ;;
  update)
    if [ $# -gt 0 ]; then
      nix flake update --flake "$flake" "$@"
    else
      nix flake update --flake "$flake"
    fi
    ;;
  clean)
    sudo nix-collect-garbage --delete-older-than "${1:-30}d"
    ;;
  vfio)
    sudo /run/current-system/specialisation/vfio/bin/switch-to-configuration boot
    systemctl reboot
    ;;
  *)
    echo "usage: nx build|switch|boot|update|clean|vfio" >&2
    exit 2
    ;;
esac
