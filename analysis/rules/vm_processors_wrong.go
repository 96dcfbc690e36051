package rules

import "github.com/nixlint/nixlint/analysis/diagnostic"

var vmProcessorsWrong = &Rule{
	Name:     "vm-processors-wrong",
	Group:    "vfio",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "guest whose processors do not exist or do not add up",
	Why: "libvirt refuses to start a guest with a topology that does not come to its number of processors, or that is pinned to processors the\n" +
		"host does not have.",
	Bad:       exampleGuests + "{\n  virtualisation.vms.win11 = {\n    memory = 8192;\n    vcpus = 6;\n    cpu = {\n      cores = 4;\n      threads = 2;\n    };\n  };\n}\n",
	Good:      exampleGuests + "{\n  virtualisation.vms.win11 = {\n    memory = 8192;\n    vcpus = 8;\n    cpu = {\n      cores = 4;\n      threads = 2;\n    };\n  };\n}\n",
	Fix:       SometimesFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
