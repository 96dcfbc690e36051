// Package hardware finds the facts of the machine that a host of the repository
// is: of the running one, or recorded.
package hardware

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/vfio/machine"
)

// Options say where to look. The zero value is right for most.
type Options struct {
	// Host is the only host to look at, by its name in nixosConfigurations; ""
	// for all. Sysfs and Snapshot are that host's then.
	Host string
	// Sysfs is the folder to read the machine from: /sys or a copy of it. By
	// default it is the running system, for the host that has its name. None
	// leaves the running machine out.
	Sysfs string
	// Snapshot is a file that the machine was recorded in.
	Snapshot string
}

// None is the value of Options.Sysfs that leaves the running machine out.
const None = "none"

// Validate reports why what the options name cannot be read.
func (o Options) Validate() error {
	if o.Snapshot != "" {
		if _, err := ReadSnapshot(o.Snapshot); err != nil {
			return fmt.Errorf("--snapshot: %w", err)
		}
	}
	if o.Sysfs != "" && o.Sysfs != None {
		if _, err := Read(o.Sysfs); err != nil {
			return fmt.Errorf("--sysfs: %w", err)
		}
	}
	return nil
}

// CheckHost reports an error if the options name a host that there is not.
func (o Options) CheckHost(m *repo.Model) error {
	if o.Host == "" {
		return nil
	}
	var known []string
	for _, h := range m.Hosts {
		if h.Name == o.Host {
			return nil
		}
		known = append(known, h.Name)
	}
	if near := repo.Nearest(o.Host, known); near != "" {
		return fmt.Errorf("unknown host %q: did you mean %q?", o.Host, near)
	}
	if len(known) == 0 {
		return fmt.Errorf("unknown host %q: the repository has no hosts that are known", o.Host)
	}
	return fmt.Errorf("unknown host %q; there are %s", o.Host, strings.Join(known, ", "))
}

// Lookup finds the machines of a repository's hosts. It is used by one
// goroutine at a time.
type Lookup struct {
	options   Options
	model     *repo.Model
	snapshots map[string]string // by host, absolute
}

// NewLookup makes a Lookup. The snapshots are the files that the settings name,
// by host.
func NewLookup(o Options, m *repo.Model, snapshots map[string]string) *Lookup {
	return &Lookup{o, m, snapshots}
}

// Facts are what is known of the machine of a host.
type Facts struct {
	// Machine is nil if nothing is known.
	Machine *machine.Machine
	// Live is set if the machine was read from a running system.
	Live bool
	// Recorded is what a snapshot says, also if the machine is live.
	Recorded *machine.Machine
	// File is the snapshot: relative to the root if it is in the repository.
	File string
	// Err says why a snapshot cannot be read.
	Err error
}

// Wanted reports whether a host is to be looked at.
func (l *Lookup) Wanted(host string) bool { return l.options.Host == "" || l.options.Host == host }

// Of returns the facts of a host.
func (l *Lookup) Of(h *repo.Host) Facts {
	var f Facts
	f.File, f.Recorded, f.Err = l.recorded(h)
	f.Machine = f.Recorded
	if m := l.live(h); m != nil && m.Known() {
		f.Machine, f.Live = m, true
	}
	return f
}

// chosen reports whether the options speak of a host: it is the one they name,
// or the only one there is.
func (l *Lookup) chosen(host string) bool {
	return l.options.Host == host || l.options.Host == "" && len(l.model.Hosts) == 1
}

// live reads the running machine, if it is the host.
func (l *Lookup) live(h *repo.Host) *machine.Machine {
	name, err := os.Hostname()
	here := err == nil && (name == h.Name || name == l.hostName(h))
	switch l.options.Sysfs {
	case None:
		return nil
	case "":
		if !here || !onNixOS() || l.options.Snapshot != "" && l.chosen(h.Name) {
			return nil
		}
		return running()
	}
	if !here && !l.chosen(h.Name) {
		return nil
	}
	m, err := Read(l.options.Sysfs)
	if err != nil {
		return nil
	}
	return m
}

// onNixOS reports whether the running system is NixOS: any other is no host, whatever its
// name. Source: nixos/modules/system/etc in nixpkgs makes this file.
func onNixOS() bool {
	_, err := os.Stat("/etc/NIXOS")
	return err == nil
}

// running reads the running machine once: it is the same for all.
var running = sync.OnceValue(func() *machine.Machine {
	m, err := machine.Read(machine.Live())
	if err != nil {
		return nil
	}
	return m
})

// Read reads a machine from /sys, or from a copy of it and its like.
func Read(sysfs string) (*machine.Machine, error) {
	if filepath.Clean(sysfs) == "/sys" {
		return machine.Read(machine.Live())
	}
	return machine.Read(machine.Tree(sysfs))
}

// hostName is what a host calls itself.
func (l *Lookup) hostName(h *repo.Host) string {
	s, _ := h.System.Config.Value("networking", "hostName").(eval.String)
	return string(s)
}

// Snapshots returns where the snapshot of a host is looked for, relative to the
// root.
func Snapshots(host string) []string {
	dir := "hosts/" + host
	return []string{dir + "/hardware.json", dir + "/facter.json"}
}

// recorded finds and reads the snapshot of a host.
func (l *Lookup) recorded(h *repo.Host) (file string, m *machine.Machine, err error) {
	if l.options.Snapshot != "" {
		m, err := ReadSnapshot(l.options.Snapshot)
		if err != nil {
			return l.options.Snapshot, nil, err
		}
		if l.options.Host == h.Name || l.options.Host == "" && (m.Host == h.Name || m.Host == "" && len(l.model.Hosts) == 1) {
			return l.options.Snapshot, m, nil
		}
	}
	if name, ok := l.snapshots[h.Name]; ok {
		m, err := ReadSnapshot(name)
		if rel, relErr := repo.Relative(l.model.Repo.Root, name); relErr == nil {
			name = rel
		}
		return name, m, err
	}
	candidates := Snapshots(h.Name)
	for _, option := range [][]string{{"hardware", "facter", "reportPath"}, {"facter", "reportPath"}} {
		if p, ok := h.System.Config.Value(option...).(eval.Path); ok {
			if rel := l.model.RelFile(string(p)); rel != "" {
				candidates = append(candidates, rel)
			}
		}
	}
	for _, rel := range candidates {
		if l.model.Repo.Entry(rel) != repo.FileEntry {
			continue
		}
		text, err := l.model.Repo.Text(rel)
		if err == nil && isFacts(text) {
			m, err := Decode(rel, strings.NewReader(text))
			return rel, m, err
		}
	}
	return "", nil, nil
}

// isFacts tells snapshots and reports from other files of the same name.
func isFacts(text string) bool {
	return strings.Contains(text, `"nixlint.host-snapshot/`) || strings.Contains(text, `"hardware"`) && strings.Contains(text, `"system"`)
}

// ReadSnapshot reads a snapshot, or a report of nixos-facter.
func ReadSnapshot(name string) (*machine.Machine, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := Decode(name, f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

// Decode reads a snapshot, or a report of nixos-facter, which is told by what it
// holds.
func Decode(name string, r io.Reader) (*machine.Machine, error) {
	data, err := io.ReadAll(io.LimitReader(r, machine.MaxSnapshot+1))
	if err != nil {
		return nil, err
	}
	if len(data) > machine.MaxSnapshot {
		return nil, errors.New("it is larger than any snapshot")
	}
	if path.Base(filepath.ToSlash(name)) != "facter.json" || bytes.Contains(data, []byte(`"nixlint.host-snapshot/`)) {
		if bytes.Contains(data, []byte(`"schema"`)) {
			return machine.Decode(bytes.NewReader(data))
		}
	}
	return machine.DecodeFacter(bytes.NewReader(data))
}
