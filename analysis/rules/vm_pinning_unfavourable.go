package rules

import "github.com/nixlint/nixlint/analysis/diagnostic"

var vmPinningUnfavourable = &Rule{
	Name:     "vm-pinning-unfavourable",
	Group:    "vfio",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "processors of a guest that are pinned to the wrong ones of the host",
	Why: "Two threads of a guest's core should be two threads of one core of the host, apart from those that the host and other guests use. Which\n" +
		"these are differs between processors.",
	Bad:       exampleGuests + "{\n  virtualisation.vms.win11 = {\n    memory = 8192;\n    vcpus = 4;\n    cpu = {\n      cores = 2;\n      threads = 2;\n      pinning.cpus = [ 2 3 6 7 ];\n    };\n  };\n}\n" + exampleMachine,
	Good:      exampleGuests + "{\n  virtualisation.vms.win11 = {\n    memory = 8192;\n    vcpus = 4;\n    cpu = {\n      cores = 2;\n      threads = 2;\n      pinning.cpus = [ 2 6 3 7 ];\n    };\n  };\n}\n" + exampleMachine,
	Fix:       SometimesFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
