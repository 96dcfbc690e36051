package rules

import "github.com/nixlint/nixlint/analysis/diagnostic"

var vmNetworkWrong = &Rule{
	Name:      "vm-network-wrong",
	Group:     "vfio",
	Severity:  diagnostic.Warning,
	Default:   true,
	Since:     "0.1.0",
	Summary:   "guest on a link that the host does not have",
	Why:       "A guest on a bridge needs one that the host makes, and what listens to guests has to listen where they are.",
	Bad:       exampleGuests + "{\n  virtualisation.vms.win11 = {\n    memory = 8192;\n    vcpus = 4;\n    network = {\n      type = \"bridge\";\n      interface = \"br0\";\n    };\n  };\n}\n",
	Good:      exampleGuests + "{\n  virtualisation.vms.win11 = {\n    memory = 8192;\n    vcpus = 4;\n    network = {\n      type = \"bridge\";\n      interface = \"br0\";\n    };\n  };\n  networking.bridges.br0.interfaces = [ \"eno1\" ];\n}\n",
	Fix:       SometimesFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
