package rules

import "github.com/nixlint/nixlint/analysis/diagnostic"

var nvidiaDriverUnsupported = &Rule{
	Name:      "nvidia-driver-unsupported",
	Group:     "vfio",
	Severity:  diagnostic.Error,
	Default:   true,
	Since:     "0.1.0",
	Summary:   "NVIDIA driver that does not know the card",
	Why:       "NVIDIA has two kinds of kernel modules. The newest cards need the open ones, old cards the others.",
	Bad:       exampleHost + "{\n  hardware.nvidia.open = false;\n  services.xserver.videoDrivers = [ \"nvidia\" ];\n}\n" + exampleMachine,
	Good:      exampleHost + "{\n  hardware.nvidia.open = true;\n  services.xserver.videoDrivers = [ \"nvidia\" ];\n}\n" + exampleMachine,
	Fix:       SometimesFix,
	OnMachine: true,
	Host:      hostClaims.look,
	Repo:      checkHardware,
}
