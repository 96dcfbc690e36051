//go:build unix

package machine_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A pipe in the place of a file is not waited for.
func TestPipe(t *testing.T) {
	dir := build(t, load(t, "toaster"))
	for _, name := range []string{"vendor", "modalias", "numa_node"} {
		p := filepath.Join(dir, "sys/devices/pci0000:00/0000:00:01.1/0000:01:00.0", name)
		if err := os.Remove(p); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(p, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	m := read(t, dir)
	if len(m.PCI) != 45 || len(m.Notes) == 0 {
		t.Errorf("%d devices, notes %v", len(m.PCI), m.Notes)
	}
}
