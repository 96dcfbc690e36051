package rules

import "github.com/nixlint/nixlint/analysis/diagnostic"

var vfioDeviceNotKept = &Rule{
	Name:     "vfio-device-not-kept",
	Group:    "vfio",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "device for a guest that the host's driver takes first",
	Why: "A device can be passed to a guest only if no driver of the host holds it: vfio-pci has to be there first, and to know which devices are\n" +
		"meant.",
	Bad:       exampleHost + "{\n  boot.kernelParams = [ \"vfio-pci.ids=10de:2c05,10de:22e9\" ];\n}\n",
	Good:      exampleHost + "{\n  boot.kernelParams = [ \"vfio-pci.ids=10de:2c05,10de:22e9\" ];\n  boot.initrd.kernelModules = [ \"vfio_pci\" ];\n}\n",
	Fix:       SometimesFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
