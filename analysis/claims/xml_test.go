package claims

import (
	"testing"
)

// FuzzDomain reads texts as descriptions of guests: places of facts are inside
// of the text, whatever it is.
func FuzzDomain(f *testing.F) {
	for _, s := range []string{
		`<domain><name>a</name><memory unit='GiB'>4</memory><vcpu>2</vcpu></domain>`,
		`<domain><devices><hostdev type='pci'><source><address bus='0x01' slot='0'/></source></hostdev></devices></domain>`,
		`<domain><cputune><vcpupin vcpu='0' cpuset="2"/></cputune><devices><shmem name='looking-glass'><size unit='M'>64</size></shmem></devices></domain>`,
		`<domain`, `<domain></hostdev>`, `<a/>`, `</domain>`, `<domain/><domain/>`, "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		vm := (&domainReader{file: "a.xml", text: s}).read()
		if vm == nil {
			return
		}
		check := func(source any) {
			if at, ok := source.(Source); ok && (at.Span.Start > at.Span.End || int(at.Span.End) > len(s)) {
				t.Errorf("%q: a place outside: %v", s, at.Span)
			}
		}
		check(vm.Source)
		for _, p := range vm.Pins.Facts {
			check(p.Source)
		}
		for _, h := range vm.Hostdevs.Facts {
			check(h.Source)
		}
		for _, n := range vm.NICs.Facts {
			check(n.Source)
		}
	})
}
