package hardware

import (
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/vfio/machine"
)

// MachineOf returns what is known of the machine of the host that the options name; nil
// if nothing is. Snapshots are files of recorded hardware, by host. It is an error if
// there is no such host.
func MachineOf(o Options, m *repo.Model, snapshots map[string]string) (*machine.Machine, error) {
	if err := o.CheckHost(m); err != nil {
		return nil, err
	}
	lookup := NewLookup(o, m, snapshots)
	for _, h := range m.Hosts {
		if h.Name == o.Host {
			return lookup.Of(h).Machine, nil
		}
	}
	return nil, nil
}
