package rules

import "github.com/nixlint/nixlint/analysis/diagnostic"

var vfioDriverConflict = &Rule{
	Name:      "vfio-driver-conflict",
	Group:     "vfio",
	Severity:  diagnostic.Error,
	Default:   true,
	Since:     "0.1.0",
	Summary:   "driver that is both kept away and needed",
	Why:       "A blacklist stops the loading of a driver by itself. What loads it by name, or needs it, must not be in the same boot entry.",
	Bad:       exampleHost + "{\n  boot.blacklistedKernelModules = [ \"nvidia\" ];\n  boot.kernelModules = [ \"nvidia\" ];\n}\n",
	Good:      exampleHost + "{\n  boot.blacklistedKernelModules = [ \"nvidia\" ];\n}\n",
	Fix:       SometimesFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
