package rules

import "github.com/nixlint/nixlint/analysis/diagnostic"

var primeBusIDWrong = &Rule{
	Name:      "prime-bus-id-wrong",
	Group:     "vfio",
	Severity:  diagnostic.Error,
	Default:   true,
	Since:     "0.1.0",
	Summary:   "PRIME bus id that is malformed, or not that of the card",
	Why:       "Bus ids of PRIME count in decimal, `lspci` in hexadecimal. With a wrong one the X server starts on the wrong card or not at all.",
	Bad:       exampleHost + "{\n  hardware.nvidia.prime = {\n    offload.enable = true;\n    amdgpuBusId = \"PCI:0d:0:0\";\n    nvidiaBusId = \"PCI:1:0:0\";\n  };\n}\n",
	Good:      exampleHost + "{\n  hardware.nvidia.prime = {\n    offload.enable = true;\n    amdgpuBusId = \"PCI:13:0:0\";\n    nvidiaBusId = \"PCI:1:0:0\";\n  };\n}\n",
	Fix:       SometimesFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
