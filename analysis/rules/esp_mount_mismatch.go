package rules

import (
	"fmt"
	"path"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
)

var espMountMismatch = &Rule{
	Name:     "esp-mount-mismatch",
	Group:    "storage",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "the EFI system partition is mounted where the boot loader does not look",
	Why: `The boot loaders systemd-boot, GRUB with EFI support and Limine write to the folder that ` + "`boot.loader.efi.efiSysMountPoint`" + `
names, by default ` + "`/boot`" + `. If disko mounts the EFI system partition elsewhere, the loader is installed into a plain folder of
the root file system, or not at all, and the machine does not boot.

The rule is silent if anything else is mounted there, and if the loader is not known.`,
	Bad:  "-- flake.nix --\n" + exampleDisks + "-- host.nix --\n" + exampleESP("/efi"),
	Good: "-- flake.nix --\n" + exampleDisks + "-- host.nix --\n" + exampleESP("/boot"),
	Host: func(r *Repo) {
		for _, h := range r.Model.Hosts {
			r.mirroredBoots(h)
			want, ok := r.loaderLooksAt(h)
			if !ok || h.System.Config.Hasty() || r.isMounted(h, want) {
				continue
			}
			var mounts []diskText
			for _, d := range r.disks(h) {
				more, known := r.systemPartitions(d)
				if !known {
					mounts = nil
					break
				}
				mounts = append(mounts, more...)
			}
			right := false
			for _, m := range mounts {
				right = right || path.Clean(m.text) == want
			}
			if right || len(mounts) == 0 || !mounts[0].at.IsValid() || !r.Model.Own(mounts[0].at.File.Path) {
				continue
			}
			at := mounts[0].at
			r.Report(diagnostic.Diagnostic{
				File: r.Model.Rel(at.File), Span: at.Span(),
				Message: fmt.Sprintf("the EFI system partition of `%s` is mounted at %s, but the boot loader looks for it at %s", h.Name, mounts[0].text, want),
				Help:    fmt.Sprintf("mount it at %s, or set `boot.loader.efi.efiSysMountPoint` to %s", want, mounts[0].text),
			})
		}
	},
}

// loaderLooksAt returns where the boot loader of a host expects the EFI system
// partition; ok is false if that is not known.
func (r *Repo) loaderLooksAt(h *repo.Host) (want string, ok bool) {
	enabled := func(names ...string) bool {
		defs, _ := r.Model.Definitions(h.System, append([]string{"boot", "loader"}, names...)...)
		for _, d := range defs {
			if on, _ := d.Value.(eval.Bool); !d.Certain || !bool(on) {
				return false
			}
		}
		return len(defs) > 0
	}
	if mirrored, sure := r.Model.Definitions(h.System, "boot", "loader", "grub", "mirroredBoots"); len(mirrored) > 0 || !sure {
		return "", false
	}
	if !enabled("systemd-boot", "enable") && !enabled("limine", "enable") && !enabled("grub", "efiSupport") {
		return "", false
	}
	want = "/boot" // nixos/modules/system/boot/loader/efi.nix
	defs, sure := r.Model.Definitions(h.System, "boot", "loader", "efi", "efiSysMountPoint")
	if !sure {
		return "", false
	}
	for i, d := range defs {
		text, known := d.Value.(eval.String)
		if !known || !d.Certain || i > 0 && path.Clean(string(text)) != want {
			return "", false
		}
		want = path.Clean(string(text))
	}
	return want, true
}

// isMounted reports whether modules of the repository may mount something at a path,
// beside what disko does.
func (r *Repo) isMounted(h *repo.Host, at string) bool {
	defs, sure := r.Model.Definitions(h.System, "fileSystems", at)
	return len(defs) > 0 || !sure
}

// exampleESP is a host whose EFI system partition is mounted at a path.
func exampleESP(at string) string {
	return `{
  boot.loader.systemd-boot.enable = true;
  disko.devices.disk.main = {
    device = "/dev/nvme0n1";
    content = {
      type = "gpt";
      partitions.ESP = {
        type = "EF00";
        content = {
          type = "filesystem";
          format = "vfat";
          mountpoint = "` + at + `";
        };
      };
    };
  };
}
`
}
