package rules

import "github.com/nixlint/nixlint/analysis/diagnostic"

var iommuUnavailable = &Rule{
	Name:      "iommu-unavailable",
	Group:     "vfio",
	Severity:  diagnostic.Error,
	Default:   true,
	Since:     "0.1.0",
	Summary:   "devices for guests without an IOMMU or KVM that works",
	Why:       "Devices can be passed to guests only if the IOMMU is on: in the firmware, and by the parameters that the maker of the processor asks for.",
	Bad:       exampleHost + "{\n  boot.kernelParams = [ \"amd_iommu=off\" \"vfio-pci.ids=10de:2c05\" ];\n  boot.initrd.kernelModules = [ \"vfio_pci\" ];\n}\n",
	Good:      exampleHost + "{\n  boot.kernelParams = [ \"vfio-pci.ids=10de:2c05\" ];\n  boot.initrd.kernelModules = [ \"vfio_pci\" ];\n}\n",
	Fix:       SometimesFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
