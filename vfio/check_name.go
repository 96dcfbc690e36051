package vfio

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/vfio/pci"
)

var nameChecks = []Check{
	{
		Name: "vfio-id-name-mismatch", Severity: Info,
		Summary: "comment that calls a device by another's name",
		Why:     "The id was changed and the comment not, or the reverse. Only numbers of models that the database has for the same maker are compared.",
		Bad:     `gpuPciIds = [ "10de:2782" ]; # RTX 3070`,
		Good:    `gpuPciIds = [ "10de:2782" ]; # RTX 4070 Ti`,
		run:     checkIDComment,
	},
	{
		Name: "vfio-comment-address-mismatch", Severity: Info,
		Summary: "comment with another address than the value beside it",
		Why:     "One of the two is out of date, or a bus id was not converted to decimal.",
		Bad:     `nvidiaBusId = "PCI:13:0:0"; # 0e:00.0`,
		Good:    `nvidiaBusId = "PCI:13:0:0"; # 0d:00.0`,
		run:     checkAddressComment,
	},
	{
		Name: "vfio-comment-device-mismatch", Severity: Info, Needs: Hardware,
		Summary: "comment that calls the device at an address by another's name",
		Why:     "The machine has something else there. Only numbers of models that the database has for the same maker are compared.",
		Bad:     `devices.gpu.address = "0000:01:00.0"; # RTX 3070`,
		Good:    `devices.gpu.address = "0000:01:00.0"; # RTX A6000`,
		run:     checkDeviceComment,
	},
}

// model is a product as people write it: a number and what follows it.
type model struct {
	number string
	suffix []string
}

// modelNumber matches the numbers of graphics cards: 4070, 6900, A6000, 780M.
var modelNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z]?[0-9]{3,4}[A-Za-z]?$`) })

// suffixes distinguish models of one number.
var suffixes = map[string]bool{"ti": true, "super": true, "xt": true, "xtx": true, "gre": true, "mobile": true, "laptop": true}

// models finds products in a text.
func models(text string) []model {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != ':' && r != '.'
	})
	var found []model
	for i, w := range words {
		if !modelNumber().MatchString(w) {
			continue
		}
		m := model{number: strings.ToLower(w)}
		for _, s := range words[i+1:] {
			if !suffixes[strings.ToLower(s)] {
				break
			}
			m.suffix = append(m.suffix, strings.ToLower(s))
		}
		found = append(found, m)
	}
	return found
}

// otherName returns what a comment calls a device if that is certainly another
// product of the same maker.
func (p *pass) otherName(id pci.ID, comment string) (string, bool) {
	name := p.options.Names.Device(id)
	if name == "" || comment == "" || gpuDrivers[id.Vendor] == nil {
		return "", false
	}
	said := models(comment)
	if len(said) != 1 {
		return "", false
	}
	lower := strings.ToLower(name)
	if strings.Contains(lower, said[0].number) {
		return "", false
	}
	words := append([]string{said[0].number}, said[0].suffix...)
	if len(models(name)) == 0 || len(p.options.Names.Find(id.Vendor, words...)) == 0 {
		return "", false
	}
	return strings.Join(words, " "), true
}

func checkIDComment(p *pass) {
	for i := range p.ctx.IDs.Facts {
		p.idComment(&p.ctx.IDs.Facts[i])
	}
	for i := range p.view.vms {
		for k := range p.view.vms[i].devices {
			if f := p.view.vms[i].devices[k].ID; f != nil {
				p.idComment(f)
			}
		}
	}
}

func (p *pass) idComment(f *Fact[string]) {
	pattern, err := pci.ParsePattern(f.Value)
	if err != nil {
		return
	}
	if said, ok := p.otherName(pattern.ID, f.Comment); ok {
		p.report(f.ref(), Info, fmt.Sprintf("the comment says %s, and `%s` is %s", said, f.Value, p.product(pattern.ID)), "")
	}
}

// shortAddress matches addresses in comments, as lspci prints them.
var shortAddress = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b([0-9a-f]{4,8}:)?[0-9a-f]{2}:[01][0-9a-f]\.[0-7]\b`)
})

func checkAddressComment(p *pass) {
	check := func(f *Fact[string], a pci.Addr) {
		said := shortAddress().FindAllString(f.Comment, -1)
		if len(said) != 1 {
			return
		}
		if b, _, err := pci.Detect(said[0]); err == nil && b != a {
			p.report(f.ref(), Info, fmt.Sprintf("the comment says %s, and `%s` is %s", said[0], f.Value, a.Short()), "")
		}
	}
	for _, b := range p.ctx.NVIDIA.busIDs() {
		if a, err := pci.ParseBusID(b.fact.Value); err == nil {
			check(b.fact, a)
		}
	}
	for i := range p.view.vms {
		for k := range p.view.vms[i].devices {
			if h := &p.view.vms[i].devices[k]; h.Address != nil && h.hasAddr {
				check(h.Address, h.addr)
			}
		}
	}
}

func checkDeviceComment(p *pass) {
	check := func(f *Fact[string], a pci.Addr) {
		d := p.m.Find(a)
		if d == nil {
			return
		}
		if said, ok := p.otherName(d.ID(), f.Comment); ok {
			p.report(f.ref(), Info, fmt.Sprintf("the comment says %s, and `%s` is %s", said, a, p.what(d)), "").about(d)
		}
	}
	for _, b := range p.ctx.NVIDIA.busIDs() {
		if a, err := pci.ParseBusID(b.fact.Value); err == nil {
			check(b.fact, a)
		}
	}
	for i := range p.view.vms {
		for k := range p.view.vms[i].devices {
			if h := &p.view.vms[i].devices[k]; h.Address != nil && h.hasAddr {
				check(h.Address, h.addr)
			}
		}
	}
}
