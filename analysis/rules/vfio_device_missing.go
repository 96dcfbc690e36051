package rules

import "github.com/nixlint/nixlint/analysis/diagnostic"

var vfioDeviceMissing = &Rule{
	Name:     "vfio-device-missing",
	Group:    "vfio",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "device that the machine does not have, or has elsewhere",
	Why: "Addresses change when a card is added, ids when one is replaced. The machine is the running one if it is the host, or else what a snapshot\n" +
		"says of it; without either the rule is silent.",
	Bad:       exampleHost + "{\n  boot.kernelParams = [ \"vfio-pci.ids=10de:2782,10de:22e9\" ];\n  boot.initrd.kernelModules = [ \"vfio_pci\" ];\n}\n" + exampleMachine,
	Good:      exampleHost + "{\n  boot.kernelParams = [ \"vfio-pci.ids=10de:2c05,10de:22e9\" ];\n  boot.initrd.kernelModules = [ \"vfio_pci\" ];\n}\n" + exampleMachine,
	Fix:       SometimesFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
