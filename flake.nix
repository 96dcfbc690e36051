{
  description = "Linter, formatter and language server for NixOS configuration repositories";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;

      forAllSystems =
        f:
        lib.genAttrs [
          "x86_64-linux"
          "aarch64-linux"
          "x86_64-darwin"
          "aarch64-darwin"
        ] (system: f nixpkgs.legacyPackages.${system});

      build =
        {
          buildGoModule,
          installShellFiles,
          lib,
          stdenv,
        }:
        buildGoModule {
          pname = "nixlint";
          version = "0-unstable-${self.shortRev or self.dirtyShortRev or "dirty"}";
          src = self;
          # Of the folder that `go mod vendor` makes; a test says when it is stale.
          vendorHash = "sha256-3fwH4WIgHEBiSHZa/NOM2RPCrIhNudexa4mpnhXGR1E=";
          subPackages = [ "cmd/nixlint" ];
          env.CGO_ENABLED = 0;
          ldflags = [
            "-s"
            "-w"
            "-X main.stamp=${self.shortRev or self.dirtyShortRev or "dirty"}"
          ];
          # The tests want Git, editors and the folder of a clone; .ci/run has them.
          doCheck = false;

          nativeBuildInputs = [ installShellFiles ];
          postInstall = lib.optionalString (stdenv.buildPlatform.canExecute stdenv.hostPlatform) ''
            $out/bin/nixlint man man
            installManPage man/*
            for shell in bash fish zsh; do
              $out/bin/nixlint completion $shell > nixlint.$shell
            done
            installShellCompletion nixlint.bash nixlint.fish --zsh --name _nixlint nixlint.zsh
          '';

          meta = {
            description = "Linter, formatter and language server for NixOS configuration repositories";
            homepage = "https://github.com/nixlint/nixlint";
            license = lib.licenses.mit;
            mainProgram = "nixlint";
          };
        };

      buildPlugin =
        { nixlint, vimUtils }:
        vimUtils.buildVimPlugin {
          pname = "nixlint.nvim";
          inherit (nixlint) version meta;
          src = "${self}/editors/neovim";
        };

      # What NixOS and home-manager have in common. Modules have keys so that they can be imported
      # in more than one place.
      common =
        { lib, pkgs, ... }:
        {
          key = "nixlint#common";
          _file = ./flake.nix;
          options.programs.nixlint = {
            enable = lib.mkEnableOption "nixlint, which checks and formats NixOS configuration repositories";
            package = lib.mkOption {
              type = lib.types.package;
              default = self.packages.${pkgs.stdenv.hostPlatform.system}.nixlint;
              defaultText = lib.literalExpression "nixlint.packages.\${system}.nixlint";
              description = "The nixlint that is installed.";
            };
          };
        };
    in
    {
      packages = forAllSystems (pkgs: rec {
        nixlint = pkgs.callPackage build { };
        default = nixlint;
        vimPlugin = pkgs.callPackage buildPlugin { inherit nixlint; };
      });

      overlays.default = final: prev: {
        nixlint = final.callPackage build { };
        vimPlugins = prev.vimPlugins // {
          nixlint = final.callPackage buildPlugin { };
        };
      };

      # What `nix fmt` runs in this repository; usable as the formatter of other flakes.
      formatter = forAllSystems (
        pkgs:
        pkgs.writeShellScriptBin "nixlint-fmt" ''
          exec ${lib.getExe self.packages.${pkgs.stdenv.hostPlatform.system}.nixlint} fmt "$@"
        ''
      );

      devShells = forAllSystems (pkgs: {
        default = pkgs.mkShellNoCC {
          packages = [
            pkgs.git
            pkgs.go
            pkgs.gopls
            pkgs.goreleaser
            pkgs.helix
            pkgs.kakoune
            pkgs.neovim
            pkgs.nix
            pkgs.nodejs
            pkgs.pre-commit
            pkgs.tmux
            pkgs.treefmt
          ];
        };
      });

      nixosModules.default =
        { config, lib, ... }:
        {
          key = "nixlint#nixosModules.default";
          _file = ./flake.nix;
          imports = [ common ];
          config = lib.mkIf config.programs.nixlint.enable {
            environment.systemPackages = [ config.programs.nixlint.package ];
          };
        };

      homeModules.default =
        {
          config,
          lib,
          pkgs,
          ...
        }:
        let
          cfg = config.programs.nixlint;
        in
        {
          key = "nixlint#homeModules.default";
          _file = ./flake.nix;
          imports = [ common ];
          options.programs.nixlint.neovim = {
            enable = lib.mkEnableOption "the plugin for Neovim" // {
              default = config.programs.neovim.enable;
              defaultText = lib.literalExpression "config.programs.neovim.enable";
            };
            formatOnSave = lib.mkEnableOption "formatting of Nix files when they are written";
          };
          config = lib.mkIf cfg.enable {
            home.packages = [ cfg.package ];
            programs.neovim.plugins = lib.mkIf cfg.neovim.enable [
              {
                plugin = self.packages.${pkgs.stdenv.hostPlatform.system}.vimPlugin;
                type = "lua";
                config = "vim.g.nixlint = { format_on_save = ${lib.boolToString cfg.neovim.formatOnSave} }";
              }
            ];
          };
        };

      checks = forAllSystems (
        pkgs:
        let
          inherit (self.packages.${pkgs.stdenv.hostPlatform.system}) nixlint vimPlugin;
        in
        {
          inherit nixlint vimPlugin;
          example = pkgs.runCommand "nixlint-example" { nativeBuildInputs = [ nixlint ]; } ''
            nixlint check --sysfs none ${self}/testdata/repos/example
            nixlint fmt --check ${self}/flake.nix
            touch $out
          '';
        }
      );
    };
}
