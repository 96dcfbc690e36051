package rules

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
)

// diskText is a text in the description of a disk, with the place where it is written.
type diskText struct {
	text string
	at   eval.Place // the attribute
}

// disk is a disk that disko formats, as a host's modules describe it.
type disk struct {
	name   string
	device diskText
	layout *eval.Attrs
	ev     *eval.Evaluator // of the host
}

// disks returns the disks of a host that disko formats, as far as they certainly are
// described, in the order of the definitions.
func (r *Repo) disks(h *repo.Host) []disk {
	var out []disk
	ev := h.Evaluator()
	defs, _ := r.Model.Definitions(h.System, "disko", "devices", "disk")
	for _, def := range defs {
		set, ok := def.Value.(*eval.Attrs)
		if !ok || !def.Certain {
			continue
		}
		for _, a := range set.Entries {
			layout, ok := ev.Force(a.Value).(*eval.Attrs)
			if !ok {
				continue
			}
			d := disk{name: a.Name, layout: layout, ev: ev}
			d.device, _ = textIn(ev, layout, "device")
			out = append(out, d)
		}
	}
	return out
}

// textIn returns a text of a set. ok is false if it is no text, or not known.
func textIn(ev *eval.Evaluator, set *eval.Attrs, name string) (diskText, bool) {
	a := set.Get(name)
	if a == nil {
		return diskText{}, false
	}
	text, ok := ev.Force(a.Value).(eval.String)
	return diskText{string(text), a.At}, ok
}

// setIn returns a set inside a set, or nil.
func setIn(ev *eval.Evaluator, set *eval.Attrs, name string) *eval.Attrs {
	if set == nil {
		return nil
	}
	a := set.Get(name)
	if a == nil {
		return nil
	}
	in, _ := ev.Force(a.Value).(*eval.Attrs)
	return in
}

// systemPartitions returns where the EFI system partitions of a disk are mounted. known
// is false if there may be others.
func (r *Repo) systemPartitions(d disk) (mounts []diskText, known bool) {
	partitions := setIn(d.ev, setIn(d.ev, d.layout, "content"), "partitions")
	if partitions == nil || partitions.Rest != nil {
		return nil, false
	}
	for _, a := range partitions.Entries {
		partition, ok := d.ev.Force(a.Value).(*eval.Attrs)
		if !ok || partition.Rest != nil {
			return nil, false
		}
		kind, ok := textIn(d.ev, partition, "type")
		if !ok && partition.Get("type") != nil {
			return nil, false
		}
		if !strings.EqualFold(kind.text, "EF00") && !strings.EqualFold(kind.text, "C12A7328-F81F-11D2-BA4B-00A0C93EC93B") {
			continue
		}
		mount, ok := textIn(d.ev, setIn(d.ev, partition, "content"), "mountpoint")
		if !ok {
			return nil, false
		}
		mounts = append(mounts, mount)
	}
	return mounts, true
}
