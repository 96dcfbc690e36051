package rules

import "github.com/nixlint/nixlint/analysis/diagnostic"

var vfioDeviceInUse = &Rule{
	Name:      "vfio-device-in-use",
	Group:     "vfio",
	Severity:  diagnostic.Error,
	Default:   true,
	Since:     "0.1.0",
	Summary:   "device for a guest that the host or another guest uses",
	Why:       "What a guest gets, the host loses: its disk, its keyboard, its only network card, the card that its desktop is drawn by.",
	Bad:       exampleGuests + "{\n  virtualisation.vms.win11 = {\n    memory = 8192;\n    pciDevices = [ \"0000:01:00.0\" \"0000:01:00.1\" \"0000:01:00.0\" ];\n  };\n}\n",
	Good:      exampleGuests + "{\n  virtualisation.vms.win11 = {\n    memory = 8192;\n    pciDevices = [ \"0000:01:00.0\" \"0000:01:00.1\" ];\n  };\n}\n",
	Fix:       SometimesFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
