package vfio

import (
	"fmt"
	"strings"
	"time"

	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

var snapshotChecks = []Check{
	{
		Name: "snapshot-drift", Severity: Warning, Needs: Recorded,
		Summary: "recorded facts of the machine that are no longer true",
		Why:     "The configuration is checked against the recorded machine where the real one is not at hand. Only what no boot entry changes is compared: devices, processors, memory.",
		Bad:     "# hosts/toaster/hardware.nixlint.json has 0d:00.0, the machine 0e:00.0",
		Good:    "# nixlint vfio snapshot -o hosts/toaster/hardware.nixlint.json",
		run:     checkDrift,
	},
	{
		Name: "snapshot-stale", Severity: Info, Needs: Hardware,
		Summary: "snapshot of the machine that is old",
		Why:     "Off unless a greatest age is set.",
		Bad:     "# a snapshot of last year",
		Good:    "# nixlint vfio snapshot -o hosts/toaster/hardware.nixlint.json",
		run:     checkStale,
	},
}

// first tells whether this is the first context: some findings are about the
// host as a whole.
func (p *pass) first() bool { return p.ctx == &p.claims.Contexts[0] }

func checkDrift(p *pass) {
	if !p.first() || p.m == nil {
		return
	}
	changes := machine.Compare(p.options.Snapshot, p.m)
	if len(changes) == 0 {
		return
	}
	const shown = 8
	var lines []string
	var devices []pci.Addr
	for i, c := range changes {
		if i < shown {
			lines = append(lines, c.Text)
		}
		devices = append(devices, c.Devices...)
	}
	if len(changes) > shown {
		lines = append(lines, fmt.Sprintf("%d more", len(changes)-shown))
	}
	f := p.report(ref{}, Warning, "the machine is no longer as it was recorded: "+strings.Join(lines, "; "), "record it anew with `nixlint vfio snapshot`")
	f.Devices = unique(devices)
	for _, at := range p.placed() {
		for _, a := range f.Devices {
			if a == at.addr && at.source != nil {
				f.related(at.ref, "names `"+a.String()+"`")
			}
		}
	}
}

func checkStale(p *pass) {
	recorded := p.m
	if p.options.Snapshot != nil {
		recorded = p.options.Snapshot
	}
	day, err := time.Parse(time.DateOnly, recorded.Captured.Date)
	if err != nil || p.options.MaxAge <= 0 || p.options.Now.IsZero() || !p.first() {
		return
	}
	if age := p.options.Now.Sub(day); age > p.options.MaxAge {
		p.report(ref{}, Info, fmt.Sprintf("the snapshot of the machine is %d days old", int(age.Hours()/24)), "record it anew with `nixlint vfio snapshot`")
	}
}
