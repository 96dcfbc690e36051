package rules

import "github.com/nixlint/nixlint/analysis/diagnostic"

var kernelModuleGone = &Rule{
	Name:      "kernel-module-gone",
	Group:     "vfio",
	Severity:  diagnostic.Error,
	Default:   true,
	Since:     "0.1.0",
	Summary:   "kernel module that no kernel has any more",
	Why:       "A module in the initrd that the kernel does not have fails the build; elsewhere it is left out with a message at boot.",
	Bad:       exampleHost + "{\n  boot.initrd.kernelModules = [ \"vfio_pci\" \"vfio\" \"vfio_iommu_type1\" \"vfio_virqfd\" ];\n}\n",
	Good:      exampleHost + "{\n  boot.initrd.kernelModules = [ \"vfio_pci\" \"vfio\" \"vfio_iommu_type1\" ];\n}\n",
	Fix:       SometimesFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
