package rules

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
)

var vfioResetMissing = &Rule{
	Name:     "vfio-reset-missing",
	Group:    "vfio",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "device for a guest that cannot be reset",
	Why:      "A guest leaves its devices in whatever state they are. If the host cannot reset one, it works for one guest once.",
	Bad: exampleGuests + "{\n  virtualisation.vms.win11 = {\n    memory = 8192;\n    gpu.address = \"0000:01:00.0\";\n    gpu.audioAddress = \"0000:01:00.1\";\n  };\n}\n" +
		strings.Replace(exampleMachine, `"bootVga": false`, `"bootVga": false, "resetMethods": []`, 1),
	Good:      exampleGuests + "{\n  virtualisation.vms.win11 = {\n    memory = 8192;\n    gpu.address = \"0000:01:00.0\";\n    gpu.audioAddress = \"0000:01:00.1\";\n  };\n}\n" + exampleMachine,
	Fix:       NoFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
