// Package kernel reads what tells Linux and its module loader what to do: the
// kernel command line, modprobe's configuration and udev's rules.
//
// The parsers take any text. What they do not understand they leave out or
// report; they never fail as a whole.
package kernel

import "strings"

// SameName tells whether two names of modules or parameters are one to the
// kernel, which takes dashes for underscores.
func SameName(a, b string) bool {
	return len(a) == len(b) && ModuleName(a) == ModuleName(b)
}

// ModuleName returns the name of a module as the kernel writes it, with
// underscores: vfio_pci for vfio-pci.
func ModuleName(name string) string { return strings.ReplaceAll(name, "-", "_") }
