package rules

import "github.com/nixlint/nixlint/analysis/diagnostic"

var hugepagesWrong = &Rule{
	Name:      "hugepages-wrong",
	Group:     "vfio",
	Severity:  diagnostic.Error,
	Default:   true,
	Since:     "0.1.0",
	Summary:   "huge pages that are not there, too many or of the wrong size",
	Why:       "Huge pages are set aside at boot: what guests need has to be there, and what is there is lost to everything else.",
	Bad:       exampleHost + "{\n  nixpkgs.hostPlatform = \"x86_64-linux\";\n  boot.kernelParams = [ \"hugepagesz=2G\" \"hugepages=8\" ];\n}\n",
	Good:      exampleHost + "{\n  nixpkgs.hostPlatform = \"x86_64-linux\";\n  boot.kernelParams = [ \"hugepagesz=1G\" \"hugepages=8\" ];\n}\n",
	Fix:       SometimesFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
