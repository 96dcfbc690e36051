# What this repository adds to nixpkgs' library.
#
#   lib.mkHost    builds one machine
#   lib.pci       option types and spellings of PCI addresses and ids
#   lib.libvirt   libvirt XML from the options of a virtual machine
{ lib, inputs }:

{
  pci = import ./pci.nix { inherit lib; };
  libvirt = import ./libvirt.nix { inherit lib; };

  # mkHost { hostname = "toaster"; users = [ ../users/mira ]; }
  #
  # `hostname` names the folder under hosts/. `users` are folders under users/; the name of the
  # folder is the name of the account. Every NixOS module gets these arguments:
  #
  #   meta     { hostname, stateVersion, users }, users being a list of account names
  #   modules  the registry of NixOS modules: `imports = [ modules.nixos.desktop.gnome ];`
  #   inputs   the inputs of the flake
  #
  # Home-manager modules get `inputs` and a registry of their own: `modules.home.shell.zsh`.
  mkHost =
    {
      hostname,
      stateVersion ? "25.11",
      users ? [ ],
      extraModules ? [ ],
    }:
    inputs.nixpkgs.lib.nixosSystem {
      # Modules see the extended library.
      inherit lib;

      specialArgs = {
        inherit inputs;

        meta = {
          inherit hostname stateVersion;
          users = map (folder: baseNameOf (toString folder)) users;
        };

        # Nothing here is loaded by itself: a host imports what it needs.
        modules.nixos = {
          desktop = {
            gaming = "${inputs.self}/modules/nixos/desktop/gaming.nix";
            gdm = "${inputs.self}/modules/nixos/desktop/gdm.nix";
            gnome = "${inputs.self}/modules/nixos/desktop/gnome.nix";
            plasma = "${inputs.self}/modules/nixos/desktop/plasma.nix";
            sddm = "${inputs.self}/modules/nixos/desktop/sddm.nix";
          };
          hardware = {
            amd = "${inputs.self}/modules/nixos/hardware/amd.nix";
            audio = "${inputs.self}/modules/nixos/hardware/audio.nix";
            bluetooth = "${inputs.self}/modules/nixos/hardware/bluetooth.nix";
            intel = "${inputs.self}/modules/nixos/hardware/intel.nix";
            nvidia = "${inputs.self}/modules/nixos/hardware/nvidia.nix";
            power = "${inputs.self}/modules/nixos/hardware/power.nix";
          };
          networking = {
            base = "${inputs.self}/modules/nixos/networking/base.nix";
            bridge = "${inputs.self}/modules/nixos/networking/bridge.nix";
            firewall = "${inputs.self}/modules/nixos/networking/firewall.nix";
            tailscale = "${inputs.self}/modules/nixos/networking/tailscale.nix";
          };
          services = {
            btrbk = "${inputs.self}/modules/nixos/services/btrbk.nix";
            monitoring = "${inputs.self}/modules/nixos/services/monitoring.nix";
            openssh = "${inputs.self}/modules/nixos/services/openssh.nix";
            packages = "${inputs.self}/modules/nixos/services/packages.nix";
            printing = "${inputs.self}/modules/nixos/services/printing.nix";
          };
          security = {
            base = "${inputs.self}/modules/nixos/security/base.nix";
            sops = "${inputs.self}/modules/nixos/security/sops.nix";
          };
          virtualization = {
            docker = "${inputs.self}/modules/nixos/virtualization/docker.nix";
            libvirt = "${inputs.self}/modules/nixos/virtualization/libvirt.nix";
          };
          vfio = {
            passthrough = "${inputs.self}/modules/nixos/vfio/passthrough.nix";
            dualBoot = "${inputs.self}/modules/nixos/vfio/dual-boot.nix";
            lookingGlass = "${inputs.self}/modules/nixos/vfio/looking-glass.nix";
            scream = "${inputs.self}/modules/nixos/vfio/scream.nix";
          };
          vms = "${inputs.self}/modules/nixos/vms";
          impermanence = "${inputs.self}/modules/nixos/impermanence";
        };
      };

      modules = [
        inputs.disko.nixosModules.disko
        inputs.sops-nix.nixosModules.sops
        inputs.home-manager.nixosModules.home-manager

        # Boot loader, Nix, locale and accounts: what every machine has.
        "${inputs.self}/modules/nixos/system"
        "${inputs.self}/hosts/${hostname}"

        {
          home-manager = {
            useGlobalPkgs = true;
            useUserPackages = true;
            backupFileExtension = "before-home-manager";

            extraSpecialArgs = {
              inherit inputs;

              modules.home = {
                desktop = {
                  common = "${inputs.self}/modules/home/desktop/common";
                  gnome = "${inputs.self}/modules/home/desktop/gnome";
                  plasma = "${inputs.self}/modules/home/desktop/plasma";
                };
                shell = {
                  direnv = "${inputs.self}/modules/home/shell/direnv.nix";
                  fzf = "${inputs.self}/modules/home/shell/fzf.nix";
                  starship = "${inputs.self}/modules/home/shell/starship.nix";
                  tmux = "${inputs.self}/modules/home/shell/tmux.nix";
                  zoxide = "${inputs.self}/modules/home/shell/zoxide.nix";
                  zsh = "${inputs.self}/modules/home/shell/zsh.nix";
                };
                dev = {
                  git = "${inputs.self}/modules/home/dev/git.nix";
                  languages = "${inputs.self}/modules/home/dev/languages.nix";
                  lazygit = "${inputs.self}/modules/home/dev/lazygit.nix";
                };
                editors = {
                  claudeCode = "${inputs.self}/modules/home/editors/claude-code.nix";
                  neovim = "${inputs.self}/modules/home/editors/neovim";
                  vscode = "${inputs.self}/modules/home/editors/vscode.nix";
                };
                apps = {
                  firefox = "${inputs.self}/modules/home/apps/firefox.nix";
                  moonlight = "${inputs.self}/modules/home/apps/moonlight.nix";
                  steam = "${inputs.self}/modules/home/apps/steam.nix";
                  stremio = "${inputs.self}/modules/home/apps/stremio.nix";
                };
              };
            };
          };
        }
      ]
      ++ users
      ++ extraModules;
    };
}
