package rules

import "github.com/nixlint/nixlint/analysis/diagnostic"

var lookingGlassWrong = &Rule{
	Name:      "looking-glass-wrong",
	Group:     "vfio",
	Severity:  diagnostic.Error,
	Default:   true,
	Since:     "0.1.0",
	Summary:   "shared memory of Looking Glass that does not fit",
	Why:       "Looking Glass shows the guest's picture through memory that both sides have to know by the same size.",
	Bad:       exampleGuests + "{\n  virtualisation.vms.win11 = {\n    memory = 8192;\n    vcpus = 4;\n    lookingGlass.size = 100;\n  };\n}\n",
	Good:      exampleGuests + "{\n  virtualisation.vms.win11 = {\n    memory = 8192;\n    vcpus = 4;\n    lookingGlass.size = 128;\n  };\n}\n",
	Fix:       SometimesFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
