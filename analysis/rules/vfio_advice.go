package rules

import "github.com/nixlint/nixlint/analysis/diagnostic"

var vfioAdvice = &Rule{
	Name:     "vfio-advice",
	Group:    "vfio",
	Severity: diagnostic.Info,
	Since:    "0.1.0",
	Summary:  "advice about devices for guests",
	Why: "What works and could work better: memory that is set aside where no guest runs, processors that are kept apart for nobody, and other\n" +
		"advice of the checks that the rules of this group make.",
	Bad:       exampleGuests + "{\n  boot.kernelParams = [ \"isolcpus=2-3,6-7\" ];\n  virtualisation.vms.win11 = {\n    memory = 8192;\n    vcpus = 2;\n    cpu.pinning.cpus = [ 2 6 ];\n  };\n}\n",
	Good:      exampleGuests + "{\n  boot.kernelParams = [ \"isolcpus=2,6\" ];\n  virtualisation.vms.win11 = {\n    memory = 8192;\n    vcpus = 2;\n    cpu.pinning.cpus = [ 2 6 ];\n  };\n}\n",
	Fix:       SometimesFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
