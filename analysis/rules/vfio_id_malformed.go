package rules

import "github.com/nixlint/nixlint/analysis/diagnostic"

var vfioIDMalformed = &Rule{
	Name:     "vfio-id-malformed",
	Group:    "vfio",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "PCI or USB id or address that means another device, or none",
	Why: "One device has many spellings: ids of vendor and device, hexadecimal addresses for the kernel, decimal ones for the X server, numbers\n" +
		"as C reads them for libvirt. A text in the wrong one names another device or none.",
	Bad:       exampleHost + "{\n  boot.kernelParams = [ \"vfio-pci.ids=0x10de:0x2c05\" ];\n  boot.initrd.kernelModules = [ \"vfio_pci\" ];\n}\n",
	Good:      exampleHost + "{\n  boot.kernelParams = [ \"vfio-pci.ids=10de:2c05\" ];\n  boot.initrd.kernelModules = [ \"vfio_pci\" ];\n}\n",
	Fix:       SometimesFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
