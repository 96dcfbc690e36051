package machine

import (
	"maps"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/vfio/pci"
)

// topology finds the bridge above a device and the VMD controller that owns
// its domain in the path of the device's folder below /sys/devices:
//
//	devices/pci0000:00/0000:00:01.1
//	devices/pci0000:7e/0000:7e:00.5/pci10000:80/10000:80:01.0
func topology(dir string) (parent, vmd *pci.Addr) {
	var last *pci.Addr
	for element := range strings.SplitSeq(dir, "/") {
		if a, err := pci.ParseAddr(element); err == nil {
			last = &a
			continue
		}
		// A root bus below a device belongs to that device.
		if strings.HasPrefix(element, "pci") && last != nil {
			vmd, last = last, nil
		}
	}
	return last, vmd
}

// ownerOf returns the innermost PCI device in the path of something that hangs
// on it, and whether it hangs there by USB.
func ownerOf(path string) (owner pci.Addr, onPCI, onUSB bool) {
	for element := range strings.SplitSeq(path, "/") {
		if a, err := pci.ParseAddr(element); err == nil {
			owner, onPCI, onUSB = a, true, false
			continue
		}
		// usb1 and the like are root hubs; usbmisc is something else.
		if rest, ok := strings.CutPrefix(element, "usb"); ok && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			onUSB = true
		}
	}
	return owner, onPCI, onUSB
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
