package repo

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/module"
)

// Problem is something in the modules of a host, or of a home on it, that Nix
// would refuse.
type Problem struct {
	module.Problem
	Host *Host
}

// needed are options whose values every system needs, if they are set: an option
// that one of them reads has to have a value.
var needed = [][]string{
	{"assertions"}, {"warnings"}, {"boot", "kernelParams"}, {"boot", "kernelModules"}, {"boot", "blacklistedKernelModules"},
	{"boot", "extraModprobeConfig"}, {"boot", "initrd", "kernelModules"}, {"boot", "initrd", "availableKernelModules"},
	{"environment", "systemPackages"}, {"environment", "variables"}, {"environment", "sessionVariables"}, {"environment", "etc"},
	{"fileSystems"}, {"i18n", "defaultLocale"}, {"networking", "hostName"}, {"services", "udev", "extraRules"},
	{"services", "xserver", "videoDrivers"}, {"systemd", "services"}, {"systemd", "tmpfiles", "rules"}, {"time", "timeZone"},
	{"users", "groups"}, {"users", "users"},
}

// Problems evaluates all options of all hosts and returns what is wrong, host by
// host. It looks only once; the slice must not be changed.
func (m *Model) Problems() []Problem {
	if m.problems == nil {
		m.problems = []Problem{}
		own := func(file string) bool {
			_, ok := m.Repo.rel(file)
			return ok
		}
		for _, h := range slices.Concat(m.Hosts, m.Others) {
			h.System.Config.Check(own, needed...)
			for _, p := range h.System.Config.Problems() {
				m.problems = append(m.problems, Problem{p, h})
			}
		}
	}
	return m.problems
}
