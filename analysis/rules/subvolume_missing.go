package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
)

var subvolumeMissing = &Rule{
	Name:     "subvolume-missing",
	Group:    "storage",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "snapshots, files that shall stay or swap are on a volume that disko does not make",
	Why: `btrbk and snapper take snapshots of btrfs subvolumes, impermanence and preservation keep files on a volume that outlives the
root directory, a swap file needs a volume that may hold it. Where disko describes the disks of a host, nixlint knows what is mounted, and
says what is not: such a snapshot fails every hour, and such files are gone at the next start.

btrbk names subvolumes by where they are seen below the mounted ` + "`volume`: a subvolume `@home`, mounted at `/home`, is `home` in the volume `/`" + `.
Something that is mounted by ` + "`fileSystems`" + ` counts too. The rule is silent about hosts of which the disks are not wholly known.`,
	Bad: "-- flake.nix --\n" + exampleDisks + "-- host.nix --\n" + exampleVolumes +
		"  services.snapper.configs.srv.SUBVOLUME = \"/srv\";\n}\n",
	Good: "-- flake.nix --\n" + exampleDisks + "-- host.nix --\n" + exampleVolumes +
		"  services.snapper.configs.home.SUBVOLUME = \"/home\";\n}\n",
	Host: missingVolumes.look,
	Repo: func(r *Repo) {
		hosts := make(map[place][]string)
		var order []missingVolume
		for of := range missingVolumes.each(r) {
			for _, m := range of {
				if hosts[m.at] == nil {
					order = append(order, m)
				}
				if !slices.Contains(hosts[m.at], m.host) {
					hosts[m.at] = append(hosts[m.at], m.host)
				}
			}
		}
		for _, m := range order {
			r.Report(diagnostic.Diagnostic{
				File: m.at.file, Span: m.at.span, Help: m.help,
				Message: fmt.Sprintf("%s on `%s`", m.message, strings.Join(hosts[m.at], "`, `")),
			})
		}
	},
}

// missingVolume is something that a host, and perhaps others, lacks.
type missingVolume struct {
	at                  place
	message, help, host string
}

var missingVolumes = &perHost[[]missingVolume]{func(r *Repo) (out []missingVolume) {
	for _, h := range r.Model.Hosts {
		if s, known := r.storage(h); known {
			v := &volumes{Repo: r, host: h, storage: s}
			v.btrbk()
			v.snapper()
			v.kept("environment", "persistence")
			v.kept("preservation", "preserveAt")
			v.swap()
			v.fileSystems()
			out = append(out, v.missing...)
		}
	}
	return out
}}

// exampleVolumes begins a host with two subvolumes.
const exampleVolumes = `{
  disko.devices.disk.main = {
    device = "/dev/nvme0n1";
    content = {
      type = "btrfs";
      subvolumes = {
        "@root".mountpoint = "/";
        "@home".mountpoint = "/home";
      };
    };
  };
`

// volumes looks for what is missing among the volumes of a host.
type volumes struct {
	*Repo
	host *repo.Host
	*storage
	missing []missingVolume
}

// report reports a path that is not what it has to be.
func (v *volumes) report(text string, key eval.Place, help, format string, args ...any) {
	at := v.writtenAt(v.host, text, key)
	if !at.IsValid() || v.File(v.Model.Rel(at.File)) == nil {
		return
	}
	v.missing = append(v.missing, missingVolume{place{v.Model.Rel(at.File), at.Span()}, fmt.Sprintf(format, args...), help, v.host.Name})
}

// near suggests the mount whose path is nearest.
func (v *volumes) near(p string) string {
	if n := repo.Nearest(p, v.points()); n != "" && repo.EditDistance(p, n) <= max(1, len(p)/3) {
		return fmt.Sprintf("did you mean `%s`?", n)
	}
	return "add it to the host's disko, or leave it out"
}

// text returns what is certainly defined as a text at a path of the configuration.
func (v *volumes) text(option ...string) (text string, at eval.Place, ok bool) {
	defs, sure := v.Model.Definitions(v.host.System, option...)
	if !sure || len(defs) != 1 || !defs[0].Certain {
		return "", eval.Place{}, false
	}
	s, ok := defs[0].Value.(eval.String)
	return string(s), defs[0].At, ok
}

func (v *volumes) btrbk() {
	all := []string{"services", "btrbk", "instances"}
	instances, _ := v.definedNames(v.host, all...)
	for _, i := range instances {
		settings := append(slices.Clone(all), i.Name, "settings")
		dir, _, _ := v.text(append(settings, "snapshot_dir")...)
		points, _ := v.definedNames(v.host, append(settings, "volume")...)
		for _, p := range points {
			v.volume(append(slices.Clip(settings), "volume", p.Name), p, dir)
		}
	}
}

// volume looks at a volume of btrbk.
func (v *volumes) volume(option []string, at eval.Attr, dir string) {
	volume := path.Clean(at.Name)
	if !strings.HasPrefix(volume, "/") {
		return
	}
	if m := v.around(volume); m.at == "/" && volume != "/" && !slices.ContainsFunc(v.mounts, func(m mount) bool { return isWithin(m.at, volume) }) {
		v.report(at.Name, at.At, v.near(volume), "btrbk looks for the volume `%s`, and nothing is mounted there", volume)
		return
	}
	if d, key, ok := v.text(append(slices.Clip(option), "snapshot_dir")...); ok {
		v.snapshotDir(volume, d, key)
	} else if dir != "" {
		v.snapshotDir(volume, dir, at.At)
	}
	subvolumes, _ := v.definedNames(v.host, append(slices.Clip(option), "subvolume")...)
	for _, s := range subvolumes {
		full := path.Join(volume, s.Name)
		if strings.Contains(s.Name, "*") || v.isSubvolume(full) {
			continue
		}
		help := v.near(full)
		if name := strings.Trim(s.Name, "/"); v.subvolumes[name] {
			help = fmt.Sprintf("`%s` is not mounted: mount it, or the whole file system as the volume", name)
			for _, m := range v.mounts {
				if m.subvolume == name {
					help = fmt.Sprintf("`%s` is seen at `%s`: name it by that", name, m.at)
				}
			}
		}
		v.report(s.Name, s.At, help, "btrbk takes snapshots of `%s`, and there is no subvolume", full)
	}
}

// snapshotDir looks at where snapshots go. Any folder may have been made by hand, but not
// one whose name is nearly that of a mount.
func (v *volumes) snapshotDir(volume, dir string, key eval.Place) {
	full := dir
	if !strings.HasPrefix(dir, "/") {
		full = path.Join(volume, dir)
	}
	full = path.Clean(full)
	if v.around(full).at != "/" || full == "/" {
		return
	}
	if near := repo.Nearest(full, v.points()); near != "" && near != "/" && repo.EditDistance(full, near) == 1 {
		v.report(dir, key, v.near(full), "btrbk puts snapshots into `%s`, and nothing is mounted there", full)
	}
}

func (v *volumes) snapper() {
	configs, _ := v.definedNames(v.host, "services", "snapper", "configs")
	for _, c := range configs {
		text, at, ok := v.text("services", "snapper", "configs", c.Name, "SUBVOLUME")
		if p := path.Clean(text); ok && strings.HasPrefix(p, "/") && !v.isSubvolume(p) {
			v.report(text, at, v.near(p), "snapper takes snapshots of `%s`, and there is no subvolume", p)
		}
	}
}

// kept looks at the volumes for files that shall stay, which are the names of a set.
func (v *volumes) kept(option ...string) {
	paths, _ := v.definedNames(v.host, option...)
	for _, p := range paths {
		at := path.Clean(p.Name)
		if !strings.HasPrefix(at, "/") || v.around(at).at != "/" {
			continue
		}
		if on, _ := v.Model.Definitions(v.host.System, append(slices.Clip(option), p.Name, "enable")...); len(on) > 0 && on[0].Value == eval.Value(eval.Bool(false)) {
			continue
		}
		v.report(p.Name, p.At, v.near(at), "files are to stay in `%s`, and nothing is mounted there", at)
	}
}

// swap looks at swap files.
func (v *volumes) swap() {
	defs, _ := v.Model.Definitions(v.host.System, "swapDevices")
	ev := v.host.Evaluator()
	for _, d := range defs {
		list, ok := d.Value.(*eval.List)
		if !ok || !d.Certain {
			continue
		}
		for _, e := range list.Elems {
			device, ok := ev.Force(e).(*eval.Attrs)
			if !ok {
				continue
			}
			file, ok := textIn(ev, device, "device")
			p := path.Clean(file.text)
			if !ok || !strings.HasPrefix(p, "/") || v.around(p).at != "/" {
				continue
			}
			switch top := strings.Split(p, "/")[1]; {
			case p == "/"+top || slices.Contains([]string{"dev", "var", "home", "root", "srv", "mnt", "opt", "nix"}, top):
				continue // folders that every system has
			}
			v.report(file.text, file.at, v.near(path.Dir(p)), "the swap file `%s` is to be in a folder that nothing makes", p)
		}
	}
}

// fileSystems looks for file systems of which only details are set.
func (v *volumes) fileSystems() {
	points, known := v.definedNames(v.host, "fileSystems")
	for _, p := range points {
		at := path.Clean(p.Name)
		if _, mounted := v.mountedAt(at); mounted || !known || !strings.HasPrefix(at, "/") {
			continue
		}
		if at == "/bin" || at == "/usr/bin" {
			continue // services.envfs mounts them
		}
		v.report(p.Name, p.At, v.near(at), "`fileSystems` says something of `%s`, and nothing is mounted there", at)
	}
}
