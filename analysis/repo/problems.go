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

// Failure is an error that a host, or a home on it, comes to when it is built.
type Failure struct {
	module.Failure
	Host *Host
}

// needed are options whose values every system or home needs, if they are set: an
// option that one of them reads has to have a value.
var needed = [][]string{
	{"assertions"}, {"warnings"}, {"boot", "kernelParams"}, {"boot", "kernelModules"}, {"boot", "blacklistedKernelModules"},
	{"boot", "extraModprobeConfig"}, {"boot", "initrd", "kernelModules"}, {"boot", "initrd", "availableKernelModules"},
	{"environment", "systemPackages"}, {"environment", "variables"}, {"environment", "sessionVariables"}, {"environment", "etc"},
	{"fileSystems"}, {"i18n", "defaultLocale"}, {"networking", "hostName"}, {"services", "udev", "extraRules"},
	{"services", "xserver", "videoDrivers"}, {"systemd", "services"}, {"systemd", "tmpfiles", "rules"}, {"time", "timeZone"},
	{"users", "groups"}, {"users", "users"}, {"networking", "firewall"}, {"networking", "interfaces"}, {"networking", "hosts"},
	{"networking", "nameservers"}, {"boot", "kernelPackages"}, {"boot", "kernel", "sysctl"}, {"boot", "loader", "timeout"},
	{"nix", "settings"}, {"system", "stateVersion"}, {"console", "keyMap"}, {"home", "packages"}, {"home", "file"},
	{"home", "sessionVariables"}, {"home", "username"}, {"home", "homeDirectory"}, {"home", "stateVersion"},
	{"xdg", "configFile"}, {"xdg", "dataFile"},
}

// Problems evaluates all options of all hosts and returns what is wrong, host by
// host. It looks only once; the slice must not be changed.
func (m *Model) Problems() []Problem {
	if m.problems == nil {
		m.problems = []Problem{}
		for _, p := range m.parts {
			if p.model != nil {
				m.problems = append(m.problems, p.model.Problems()...)
				m.failures = append(m.failures, p.model.failures...)
			}
		}
		if m.parts != nil {
			return m.problems
		}
		own := func(file string) bool {
			_, ok := m.Repo.rel(file)
			return ok
		}
		for _, h := range slices.Concat(m.Hosts, m.Others) {
			h.System.Config.Check(own, needed...)
			for _, p := range h.System.Config.Problems() {
				m.problems = append(m.problems, Problem{p, h})
			}
			for _, f := range h.System.Config.Failures() {
				m.failures = append(m.failures, Failure{f, h})
			}
		}
	}
	return m.problems
}

// Failures evaluates what all hosts certainly define, and returns the errors it
// comes to, host by host. The slice must not be changed.
func (m *Model) Failures() []Failure {
	m.Problems()
	return m.failures
}
