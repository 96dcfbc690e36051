package rules

import "github.com/nixlint/nixlint/analysis/diagnostic"

var vfioGroupShared = &Rule{
	Name:      "vfio-group-shared",
	Group:     "vfio",
	Severity:  diagnostic.Error,
	Default:   true,
	Since:     "0.1.0",
	Summary:   "device for a guest that shares its IOMMU group with others",
	Why:       "The devices of an IOMMU group are not kept apart from each other, so that a guest gets all of them or none. Bridges do not count.",
	Bad:       exampleGuests + "{\n  virtualisation.vms.win11 = {\n    memory = 8192;\n    gpu = {\n      address = \"0000:01:00.0\";\n      pciId = \"10de:2c05\";\n    };\n  };\n}\n" + exampleMachine,
	Good:      exampleGuests + "{\n  virtualisation.vms.win11 = {\n    memory = 8192;\n    gpu = {\n      address = \"0000:01:00.0\";\n      pciId = \"10de:2c05\";\n      audioAddress = \"0000:01:00.1\";\n      audioPciId = \"10de:22e9\";\n    };\n  };\n}\n" + exampleMachine,
	Fix:       SometimesFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
