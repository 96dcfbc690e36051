package rules

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nixlint/nixlint/analysis/claims"
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/hardware"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
	"github.com/nixlint/nixlint/vfio"
	"github.com/nixlint/nixlint/vfio/pciids"
)

// adviceRule is the rule that advice of all checks is reported by.
const adviceRule = "vfio-advice"

// hardwareChecks are the checks of package vfio that the rules of the group vfio
// make. Each check belongs to one rule.
var hardwareChecks = map[string][]string{
	"vfio-id-malformed": {
		"vfio-id-format", "vfio-pci-address-format", "vfio-hostdev-hex", "vfio-busid-dec-hex-conversion", "usb-id-format",
	},
	"prime-bus-id-wrong": {
		"vfio-prime-busid-format", "prime-busid-wrong-device", "vfio-prime-hostdev-disagree", "prime-mode-contradiction",
	},
	"vfio-device-missing":  {"vfio-id-not-present", "vfio-address-not-present", "vfio-address-moved", "netif-not-present", "snapshot-drift"},
	"vfio-device-not-kept": {"vfio-ids-empty", "vfio-ids-hostdev-mismatch", "vfio-ids-without-module", "vfio-gpu-fields-incomplete", "vfio-module-order", "vfio-host-driver-bound"},
	"vfio-group-shared":    {"vfio-group-not-viable", "vfio-function-left-out", "vmd-child"},
	"vfio-device-in-use": {
		"vfio-device-used-twice", "vfio-id-grabs-host-device", "sriov-vf-ids", "vfio-takes-boot-disk", "vfio-takes-input", "vfio-takes-only-nic",
		"vfio-no-host-gpu-left", "gpu-is-integrated", "vfio-boot-vga", "vm-autostart-needs-vfio",
	},
	"vfio-driver-conflict":      {"vfio-blacklist-contradiction", "vfio-blacklist-incomplete", "vfio-host-driver-leftovers", "blacklist-hits-host-device"},
	"kernel-module-gone":        {"vfio-module-gone"},
	"kernel-parameter-wrong":    {"kparam-duplicate", "kparam-efifb-off", "kparam-in-wrong-option", "kparam-unknown-value", "acs-override", "cmdline-drift"},
	"iommu-unavailable":         {"iommu-cpu-vendor", "iommu-disabled", "iommu-mode-differs", "iommu-off", "iommu-rmrr", "iommu-sme-passthrough", "iommu-vendor-mismatch", "kvm-unavailable"},
	"hugepages-wrong":           {"hugepages-exceed-ram", "hugepages-in-host-context", "hugepages-kparam-vs-vms", "hugepages-params", "hugepages-unavailable", "vm-hugepages-memory", "vm-memory-exceeds-ram"},
	"vm-processors-wrong":       {"vm-vcpu-topology", "vm-cpuset-format", "vm-cpu-vendor-flags", "vm-pin-out-of-range"},
	"vm-pinning-unfavourable":   {"vm-pin-splits-smt", "vm-pin-shares-core", "vm-pin-cross-ccx", "vm-pin-numa", "vm-emulator-overlap", "vm-pin-same-cpu", "vm-cpuset-isolation"},
	"looking-glass-wrong":       {"looking-glass-size", "looking-glass-transport", "kvmfr-device", "rebar-size"},
	"vm-network-wrong":          {"scream-interface", "vm-netif-undefined"},
	"nvidia-driver-unsupported": {"nvidia-open-generation"},
	"device-comment-wrong":      {"vfio-comment-address-mismatch", "vfio-comment-device-mismatch", "vfio-id-name-mismatch"},
	"vfio-reset-missing":        {"vfio-reset-missing"},
	adviceRule:                  {"snapshot-stale"},
}

// checksText says what the checks of a rule of the group vfio look for, each in
// an item of a list.
func checksText(names []string) string {
	var b strings.Builder
	for _, c := range vfio.Checks() {
		if slices.Contains(names, c.Name) {
			fmt.Fprintf(&b, "\n- **%s**%s. %s", c.Summary, neededFacts[c.Needs], strings.ReplaceAll(c.Why, "\n", "\n  "))
		}
	}
	return b.String()
}

// neededFacts say which checks are made only with facts of the machine.
var neededFacts = map[vfio.Needs]string{
	vfio.Hardware: " (on a known machine)",
	vfio.Running:  " (on a machine that is known in the same boot entry)",
	vfio.Recorded: " (on the machine itself)",
}

// checkHardware reports what the checks of the running rule find in the hosts.
func checkHardware(r *Repo) {
	if r.hardware == nil {
		r.hardware = make(map[string][]diagnostic.Diagnostic)
		r.checkMachines()
	}
	for _, d := range r.hardware[r.rule.Name] {
		d.Rule = r.rule.Name
		r.found = append(r.found, d)
	}
}

// checkMachines makes all checks of all hosts.
func (r *Repo) checkMachines() {
	rules := make(map[string]string)
	for rule, checks := range hardwareChecks {
		for _, c := range checks {
			rules[c] = rule
		}
	}
	snapshots := r.settings.SnapshotFiles()
	lookup := hardware.NewLookup(r.options, r.Model, snapshots)
	var all []*hardwareWriter
	common := &sharedFacts{stands: make(map[any]map[entryOf]bool), wrong: make(map[wrongFact]map[entryOf]bool)}
	for list := range hostClaims.each(r) {
		for i, h := range list.hosts {
			w := newHardwareWriter(r, h, list.claims[i], common)
			all = append(all, w)
			if !lookup.Wanted(h.Name) {
				continue
			}
			w.facts = lookup.Of(h)
			o := vfio.Options{Machine: w.facts.Machine, Now: time.Now(), MaxAge: time.Duration(r.settings.MaxAge.Value) * 24 * time.Hour, Names: systemNames()}
			if w.facts.Live {
				o.Snapshot = w.facts.Recorded
			}
			w.found = vfio.Run(w.claims, o)
			common.add(h, w.found)
		}
	}
	seen := make(map[finding]*reported)
	var order []*reported
	for _, w := range all {
		for _, f := range w.found {
			d, ok := w.diagnostic(f)
			if !ok {
				continue
			}
			check := f.Check
			if check == "vfio-address-not-present" {
				check = "vfio-address-moved" // says it too, and where the device is
			}
			key := finding{check, d.File, d.Span}
			if first := seen[key]; first == nil || d.Span == w.host.At.Span() {
				seen[key] = &reported{w, f, d}
				order = append(order, seen[key])
			} else if first.w == w {
				first.f.Contexts = union(first.f.Contexts, f.Contexts)
			} // else hosts share a module, and its mistakes
		}
	}
	for _, x := range order {
		rule := rules[x.f.Check]
		if x.f.Severity == vfio.Hint {
			rule = adviceRule
		}
		x.d.Message += x.w.where(x.f)
		r.hardware[rule] = append(r.hardware[rule], x.d)
	}
}

// claimsOnHosts are what hosts claim of their machines.
type claimsOnHosts struct {
	hosts  []*repo.Host
	claims []*vfio.Claims
}

var hostClaims = &perHost[claimsOnHosts]{func(r *Repo) claimsOnHosts {
	var guests [][]string
	for _, g := range r.settings.Guests {
		guests = append(guests, g.Value.Split())
	}
	out := claimsOnHosts{hosts: r.Model.Hosts}
	for _, h := range out.hosts {
		out.claims = append(out.claims, claims.Of(r.Model, h, guests))
	}
	return out
}}

// reported is a finding and what is reported of it.
type reported struct {
	w *hardwareWriter
	f vfio.Finding
	d diagnostic.Diagnostic
}

// union adds the names that a list does not have.
func union(a, b []string) []string {
	a = slices.Clip(a)
	for _, name := range b {
		if !slices.Contains(a, name) {
			a = append(a, name)
		}
	}
	return a
}

// systemNames are the names of devices: those of the system if it has newer ones
// than nixlint.
var systemNames = sync.OnceValue(pciids.System)

// hardwareWriter turns findings about one host into diagnostics.
type hardwareWriter struct {
	r      *Repo
	host   *repo.Host
	claims *vfio.Claims
	common *sharedFacts
	facts  hardware.Facts
	found  []vfio.Finding
	// literals are the places where ids and addresses are written out.
	literals map[string]claims.Source
	// texts are the values of kernel parameters and the like that are computed
	// at a place.
	texts map[claims.Source][]string
}

func newHardwareWriter(r *Repo, h *repo.Host, c *vfio.Claims, common *sharedFacts) *hardwareWriter {
	w := &hardwareWriter{
		r: r, host: h, claims: c, common: common, literals: make(map[string]claims.Source), texts: make(map[claims.Source][]string),
	}
	literal := func(f *vfio.Fact[string]) {
		if f == nil {
			return
		}
		if s, ok := f.Source.(claims.Source); ok && s.Literal && w.literals[f.Value] == (claims.Source{}) {
			w.literals[f.Value] = s
		}
	}
	text := func(l vfio.List[string]) {
		for _, f := range l.Facts {
			if s, ok := f.Source.(claims.Source); ok && !slices.Contains(w.texts[s], f.Value) {
				w.texts[s] = append(w.texts[s], f.Value)
			}
		}
	}
	present := func(context string, l vfio.List[string]) {
		for _, f := range l.Facts {
			common.present(f.Source, entryOf{h.Name, context})
		}
	}
	for i := range c.Contexts {
		x := &c.Contexts[i]
		for j := range x.VMs {
			for k := range x.VMs[j].Hostdevs.Facts {
				h := &x.VMs[j].Hostdevs.Facts[k].Value
				literal(h.ID)
				literal(h.Address)
			}
		}
		for j := range x.IDs.Facts {
			literal(&x.IDs.Facts[j])
		}
		for _, a := range x.Addresses.Facts {
			f := vfio.Fact[string]{Value: a.Value.Text, Source: a.Source}
			literal(&f)
			text(vfio.List[string]{Facts: []vfio.Fact[string]{f}})
		}
		text(x.IDs)
		for _, l := range []vfio.List[string]{x.Params, x.Modprobe, x.Udev, x.Modules, x.InitrdModules, x.Blacklist} {
			text(l)
			present(x.Name, l)
		}
	}
	return w
}

// diagnostic makes the diagnostic of a finding. It has no place in the
// repository if ok is false.
func (w *hardwareWriter) diagnostic(f vfio.Finding) (d diagnostic.Diagnostic, ok bool) {
	s, ok := f.Subject.(claims.Source)
	related := f.Related
	if !ok {
		file := w.r.Model.Rel(w.host.At.File)
		if w.facts.File != "" && f.Subject == nil && strings.HasPrefix(f.Check, "snapshot-") && w.r.Entry(w.facts.File) == repo.FileEntry {
			s = claims.Source{File: w.facts.File}
		} else if s = (claims.Source{File: file, Span: w.host.At.Span()}); w.r.File(file) == nil {
			return d, false
		}
	} else if literal, found := w.quoted(f.Message, s); found {
		// What is wrong is written out where the text is computed from.
		related = append([]vfio.Related{{Source: s, Message: "which gets here"}}, related...)
		s = literal
	}
	d = diagnostic.Diagnostic{
		File: s.File, Span: w.narrow(s, f.Message), Severity: severities[f.Severity],
		Message: f.Message, Help: f.Help, Fix: w.fix(f, s),
	}
	for _, x := range related {
		if at, ok := x.Source.(claims.Source); ok && (at.File != d.File || at.Span.Start > d.Span.Start || at.Span.End < d.Span.End) {
			d.Related = append(d.Related, diagnostic.Related{File: at.File, Span: w.narrow(at, x.Message), Message: x.Message})
		}
	}
	return d, true
}

var severities = map[vfio.Severity]diagnostic.Severity{
	vfio.Hint: diagnostic.Info, vfio.Info: diagnostic.Info, vfio.Warning: diagnostic.Warning, vfio.Error: diagnostic.Error,
}

// where says on which host and in which boot entries a finding is true, as far
// as that is not all there are.
func (w *hardwareWriter) where(f vfio.Finding) string {
	host := ""
	if len(w.r.Model.Hosts) > 1 {
		host = "`" + w.host.Name + "`"
	}
	if len(f.Contexts) == len(w.claims.Contexts) {
		if host == "" {
			return ""
		}
		return " (on " + host + ")"
	}
	var names []string
	for _, c := range f.Contexts {
		if c == vfio.Base {
			names = append(names, "the default boot entry")
		} else {
			names = append(names, "boot entry `"+c+"`")
		}
	}
	if host != "" {
		host = " of " + host
	}
	return " (in " + strings.Join(names, " and ") + host + ")"
}

// quoted finds the literal that a message quotes, if its subject is computed.
func (w *hardwareWriter) quoted(message string, subject claims.Source) (s claims.Source, ok bool) {
	if subject.Literal {
		return s, false
	}
	for i, part := range strings.Split(message, "`") {
		if literal, known := w.literals[part]; i%2 == 1 && known && slices.ContainsFunc(w.texts[subject], func(text string) bool { return strings.Contains(text, part) }) {
			return literal, true
		}
	}
	return s, false
}

// narrow returns the range of a place: of a text of several lines, the first
// thing in it that the message quotes.
func (w *hardwareWriter) narrow(s claims.Source, message string) parser.Span {
	text, err := w.r.Text(s.File)
	if err != nil || int(s.Span.End) > len(text) || !strings.Contains(text[s.Span.Start:s.Span.End], "\n") {
		return s.Span
	}
	inside := text[s.Span.Start:s.Span.End]
	for i, part := range strings.Split(message, "`") {
		if at := strings.Index(inside, part); i%2 == 1 && part != "" && at >= 0 {
			start := s.Span.Start + uint32(at)
			return parser.Span{Start: start, End: start + uint32(len(part))}
		}
	}
	// The first line says enough.
	line := strings.IndexByte(inside, '\n')
	return parser.Span{Start: s.Span.Start, End: s.Span.Start + uint32(line)}
}
