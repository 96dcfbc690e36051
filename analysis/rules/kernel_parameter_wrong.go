package rules

import "github.com/nixlint/nixlint/analysis/diagnostic"

var kernelParameterWrong = &Rule{
	Name:      "kernel-parameter-wrong",
	Group:     "vfio",
	Severity:  diagnostic.Error,
	Default:   true,
	Since:     "0.1.0",
	Summary:   "kernel parameter without effect, or with another one than it seems",
	Why:       "The kernel passes over parameters that it does not know, and of two the last one wins. Nothing says so at boot.",
	Bad:       exampleHost + "{\n  boot.kernelParams = [ \"intel_iommu=pt\" ];\n}\n",
	Good:      exampleHost + "{\n  boot.kernelParams = [ \"iommu=pt\" ];\n}\n",
	Fix:       SometimesFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
