package vfio

import (
	"fmt"
	"regexp"
	"sync"

	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

var nvidiaChecks = []Check{
	{
		Name: "nvidia-open-generation", Severity: Error, Needs: Hardware,
		Summary: "`hardware.nvidia.open` that does not fit the card",
		Why: "Cards of the RTX 50 series are driven only by NVIDIA's open kernel modules, those before Turing (GTX 16, " +
			"RTX 20) only by the closed ones. Cards that go to a guest do not matter.",
		Bad:  "hardware.nvidia.open = false; # a GeForce RTX 5070 Ti",
		Good: "hardware.nvidia.open = true;",
		run:  checkOpenDriver,
	},
}

// generation says which kernel modules drive an NVIDIA card.
type generation uint8

const (
	anyModules generation = iota
	closedOnly
	openOnly
)

// chipName matches the code name of a chip at the start of its name.
var chipName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(GM|GP|GV|GK|GB)[0-9]{2,3}`) })

// nvidiaGeneration tells which modules drive a card, by the name of its chip.
// Chips of the RTX 50 series have device ids from 0x2b80 to 0x2fff, so that
// cards newer than the database are known too.
func (p *pass) nvidiaGeneration(id pci.ID) (generation, string) {
	m := chipName().FindStringSubmatch(p.options.Names.Device(id))
	switch {
	case m != nil && m[1] == "GB", m == nil && id.Device >= 0x2b80 && id.Device <= 0x2fff:
		return openOnly, "Blackwell"
	case m == nil:
		return anyModules, ""
	case m[1] == "GM":
		return closedOnly, "Maxwell"
	case m[1] == "GP":
		return closedOnly, "Pascal"
	case m[1] == "GV":
		return closedOnly, "Volta"
	case m[1] == "GK":
		return closedOnly, "Kepler"
	}
	return anyModules, ""
}

func checkOpenDriver(p *pass) {
	open, ok := p.ctx.NVIDIA.Open.value()
	if _, used := p.view.nvidiaDriver(); !ok || !used {
		return
	}
	var mine []*machine.Device
	for i := range p.m.PCI {
		d := &p.m.PCI[i]
		if _, h := p.view.passed(d.Address); d.Class.Display() && uint16(d.Vendor) == pci.VendorNVIDIA && p.view.binds(d) == nil && (h == nil || p.view.vfio() == vfioOff) {
			mine = append(mine, d)
		}
	}
	for _, d := range mine {
		kind, chip := p.nvidiaGeneration(d.ID())
		s := Error
		if len(mine) > 1 {
			s = Warning // the others may be the ones that count
		}
		switch {
		case kind == openOnly && !open:
			p.report(p.ctx.NVIDIA.Open.ref(), s, fmt.Sprintf("%s is of the generation %s, which only the open kernel modules drive", p.describe(d), chip), "").
				about(d).replace("true", false)
		case kind == closedOnly && open:
			p.report(p.ctx.NVIDIA.Open.ref(), s, fmt.Sprintf("%s is of the generation %s, which the open kernel modules do not drive", p.describe(d), chip), "").
				about(d).replace("false", false)
		}
	}
}
