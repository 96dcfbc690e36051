package rules

import "github.com/nixlint/nixlint/analysis/diagnostic"

var deviceCommentWrong = &Rule{
	Name:      "device-comment-wrong",
	Group:     "vfio",
	Severity:  diagnostic.Info,
	Since:     "0.1.0",
	Summary:   "comment that names another device than the value beside it",
	Why:       "Comments beside ids and bus ids say what numbers cannot. One that is wrong leads the next reader to the wrong device.",
	Bad:       exampleHost + "{\n  hardware.nvidia.prime = {\n    offload.enable = true;\n    amdgpuBusId = \"PCI:13:0:0\"; # 0e:00.0\n    nvidiaBusId = \"PCI:1:0:0\";\n  };\n}\n",
	Good:      exampleHost + "{\n  hardware.nvidia.prime = {\n    offload.enable = true;\n    amdgpuBusId = \"PCI:13:0:0\"; # 0d:00.0\n    nvidiaBusId = \"PCI:1:0:0\";\n  };\n}\n",
	Fix:       SometimesFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
