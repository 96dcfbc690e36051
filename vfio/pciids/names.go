// Package pciids gives words to PCI ids, offline: from the system's copy of the
// pci.ids database and from one that is compiled in. The newer one wins.
package pciids

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/siderolabs/go-pcidb/pkg/pcidb"

	"github.com/nixlint/nixlint/vfio/pci"
)

// Names gives words to ids. The zero value knows the table that is compiled
// in; [System] knows what the system knows as well. It may be used by
// several goroutines.
type Names struct {
	// ids is the text of a pci.ids file, or empty.
	ids []byte
	// first is set if ids is newer than the compiled table.
	first bool

	mu    sync.Mutex
	cache map[pci.ID]string
}

// compiledVersion is the version of pci.ids that go-pcidb v0.3.0 was made of.
const compiledVersion = "2024.05.14"

// maxNames bounds the size of a pci.ids file; the official one has 1.6 MB.
const maxNames = 16 << 20

// Read reads a file in the format of pci.ids. What it does not know is
// looked up in the compiled table, and the reverse if that one is newer.
func Read(r io.Reader) (*Names, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxNames+1))
	if err != nil {
		return nil, fmt.Errorf("reading pci.ids: %w", err)
	}
	if len(text) > maxNames {
		return nil, fmt.Errorf("pci.ids is larger than %d MiB", maxNames>>20)
	}
	n := &Names{ids: text}
	n.first = version(text) >= compiledVersion
	return n, nil
}

// version finds the line `#	Version: 2026.08.22` in the first comment.
func version(text []byte) string {
	head := text[:min(len(text), 1024)]
	_, rest, ok := bytes.Cut(head, []byte("Version:"))
	if !ok {
		return ""
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	return string(bytes.TrimSpace(line))
}

// namePaths are the places where systems keep pci.ids.
var namePaths = []string{
	"/run/current-system/sw/share/hwdata/pci.ids",
	"/run/current-system/sw/share/misc/pci.ids",
	"/usr/share/hwdata/pci.ids",
	"/usr/share/misc/pci.ids",
}

// System returns the names of the first pci.ids file that can be read:
// the one that the environment variable PCI_IDS names, or the system's. There
// need not be any.
func System() *Names {
	paths := namePaths
	if p := os.Getenv("PCI_IDS"); p != "" && filepath.IsAbs(p) {
		paths = append([]string{p}, paths...)
	}
	for _, p := range paths {
		f, err := os.Open(p)
		if err != nil {
			continue
		}
		n, err := Read(f)
		f.Close()
		if err == nil {
			return n
		}
	}
	return &Names{}
}

// Device returns the name of a device without its vendor, such as "GB203
// [GeForce RTX 5070 Ti]", or "" if nobody knows it. New and rare devices are
// unknown to every table; that alone says nothing against an id.
func (n *Names) Device(id pci.ID) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if name, ok := n.cache[id]; ok {
		return name
	}
	name := n.fromFile(id)
	if compiled, ok := pcidb.LookupProduct(id.Vendor, id.Device); ok && (name == "" || !n.first) {
		name = compiled
	}
	if n.cache == nil {
		n.cache = map[pci.ID]string{}
	}
	n.cache[id] = name
	return name
}

// fromFile looks an id up in the text: vendors stand at the start of a line,
// their devices below them behind one tab, subsystems behind two.
func (n *Names) fromFile(id pci.ID) string {
	text := n.vendor(id.Vendor)
	if text == nil {
		return ""
	}
	_, text, _ = bytes.Cut(text, []byte("\n"))
	want := fmt.Appendf(nil, "\t%04x  ", id.Device)
	for len(text) > 0 {
		line, rest, _ := bytes.Cut(text, []byte("\n"))
		text = rest
		if len(line) > 0 && line[0] != '\t' && line[0] != '#' {
			break
		}
		if bytes.HasPrefix(line, want) {
			return strings.TrimSpace(string(line[len(want):]))
		}
	}
	return ""
}

// vendor returns the text from the vendor's line on.
func (n *Names) vendor(v uint16) []byte {
	want := fmt.Appendf(nil, "\n%04x  ", v)
	if bytes.HasPrefix(n.ids, want[1:]) {
		return n.ids
	}
	if i := bytes.Index(n.ids, want); i >= 0 {
		return n.ids[i+1:]
	}
	return nil
}

// Vendor returns the name of a vendor, such as "NVIDIA Corporation", or "".
func (n *Names) Vendor(v uint16) string {
	name := ""
	if text := n.vendor(v); text != nil {
		line, _, _ := bytes.Cut(text, []byte("\n"))
		name = strings.TrimSpace(string(line[len("10de  "):]))
	}
	if compiled, ok := pcidb.LookupVendor(v); ok && (name == "" || !n.first) {
		name = compiled
	}
	return name
}

// Class returns what devices of a class are called, such as "VGA compatible
// controller", or "".
func (*Names) Class(c pci.Class) string {
	if name, ok := pcidb.LookupSubclass(c.Base(), uint8(c>>8)); ok {
		return name
	}
	name, _ := pcidb.LookupClass(c.Base())
	return name
}

// Find returns the ids of a vendor's devices whose names contain all the given
// words, in no particular order. The words are compared whole and without
// regard to case.
func (n *Names) Find(vendor uint16, words ...string) []pci.ID {
	var found []pci.ID
	for d := range 0x10000 {
		id := pci.ID{Vendor: vendor, Device: uint16(d)}
		name, ok := pcidb.LookupProduct(vendor, id.Device)
		if ok && hasWords(name, words) {
			found = append(found, id)
		}
	}
	text := n.vendor(vendor)
	_, text, _ = bytes.Cut(text, []byte("\n"))
	for len(text) > 0 {
		line, rest, _ := bytes.Cut(text, []byte("\n"))
		text = rest
		if len(line) > 0 && line[0] != '\t' && line[0] != '#' {
			break
		}
		if len(line) < 7 || line[0] != '\t' || line[1] == '\t' {
			continue
		}
		var d uint16
		if _, err := fmt.Sscanf(string(line[1:5]), "%04x", &d); err != nil {
			continue
		}
		id := pci.ID{Vendor: vendor, Device: d}
		if _, compiled := pcidb.LookupProduct(vendor, d); !compiled && hasWords(string(line[7:]), words) {
			found = append(found, id)
		}
	}
	return found
}

func hasWords(name string, words []string) bool {
	have := nameWords(name)
	for _, w := range words {
		ok := false
		for _, h := range have {
			ok = ok || strings.EqualFold(h, w)
		}
		if !ok {
			return false
		}
	}
	return true
}

// nameWords splits a name at everything that is neither letter nor digit.
func nameWords(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}
