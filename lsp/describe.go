package lsp

import (
	"slices"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/graph"
	"github.com/nixlint/nixlint/analysis/hardware"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/generator"
	"github.com/nixlint/nixlint/vfio/machine"
)

// description is what a repository has, for editors that offer it for choice or show it
// as a tree. Lists are sorted and never null.
type description struct {
	Root    uri.URI           `json:"root"`
	Hosts   []describedHost   `json:"hosts"`
	Users   []describedUser   `json:"users"`
	Modules []describedModule `json:"modules"`
	Options []describedOption `json:"options"` // declared in the repository
}

type describedHost struct {
	Name     string             `json:"name"`
	Location *protocol.Location `json:"location,omitempty"` // its attribute in the flake
	Modules  []string           `json:"modules"`            // by their ids
	Own      []string           `json:"own"`                // files that are modules of this host alone
	Users    []string           `json:"users"`              // with a home
	Unsure   bool               `json:"unsure"`             // it imports what could not be evaluated
	Devices  []describedDevice  `json:"devices"`            // of its machine, bridges left out; empty if it is not known
}

type describedUser struct {
	Name    string   `json:"name"`
	Modules []string `json:"modules"` // of homes, by their ids
	Own     []string `json:"own"`     // files of homes that are this user's alone
}

type describedModule struct {
	ID    string      `json:"id"` // the file, or the attribute of an input
	Kind  graph.Kind  `json:"kind"`
	State graph.State `json:"state"`
	File  string      `json:"file,omitempty"` // empty for modules of inputs
	Key   string      `json:"key,omitempty"`  // in the registry
	Group string      `json:"group"`          // its category
	Label string      `json:"label"`          // its name there
}

type describedOption struct {
	Name     string            `json:"name"`
	Type     string            `json:"type,omitempty"`
	File     string            `json:"file"` // that declares it
	Location protocol.Location `json:"location"`
}

type describedDevice struct {
	Address string `json:"address"`
	ID      string `json:"id"`
	Name    string `json:"name,omitempty"`
	Display bool   `json:"display"`         // it is a graphics card
	Boot    bool   `json:"boot"`            // the firmware draws on it
	Group   *int   `json:"group,omitempty"` // IOMMU group
	Driver  string `json:"driver,omitempty"`
}

// overview describes the newest state of the repository.
func (q *query) overview() (*description, error) {
	settings, err := q.Settings.Repository(q.Repo.Root)
	if err != nil {
		return nil, err
	}
	out := &description{Root: uri.File(q.folder.Root), Hosts: []describedHost{}, Modules: []describedModule{}}
	q.Model(func(m *repo.Model) {
		g := graph.Build(m, nil, nil)
		for i, h := range g.Hosts {
			known, _ := hardware.MachineOf(hardware.Options{Host: h.Name}, m, settings.SnapshotFiles())
			out.Hosts = append(out.Hosts, describedHost{
				Name: h.Name, Location: q.locationOf(symbol.View{Model: m}.Place(m.Hosts[i].At)), Modules: idsOf(h.Modules),
				Own: listed(h.Own), Users: namesOf(h.Users), Unsure: h.Unsure, Devices: devicesOf(known),
			})
		}
		out.Users = q.usersOf(m, g)
		for _, mod := range g.Modules {
			key := mod.Name
			if mod.State == graph.External {
				key = ""
			}
			out.Modules = append(out.Modules, describedModule{mod.ID(), mod.Kind, mod.State, mod.File, key, mod.Group, mod.Label})
		}
		out.Options = q.optionsOf(m)
	})
	return out, nil
}

// locationOf returns a place of the request's own state; nil for none.
func (q *query) locationOf(p symbol.Place) *protocol.Location {
	if p.File == "" {
		return nil
	}
	l := q.location(q.Snapshot, p.File, p.Span)
	return &l
}

// listed is a list that is never null.
func listed(s []string) []string { return append([]string{}, s...) }

func idsOf(modules []*graph.Module) []string {
	out := []string{}
	for _, m := range modules {
		out = append(out, m.ID())
	}
	return out
}

func namesOf(users []*graph.User) []string {
	out := []string{}
	for _, u := range users {
		out = append(out, u.Name)
	}
	return out
}

// usersOf returns the accounts that hosts can be given, those without a home too.
func (q *query) usersOf(m *repo.Model, g *graph.Graph) []describedUser {
	out := []describedUser{}
	for _, name := range (&generator.Generator{Model: m}).Users() {
		u := describedUser{Name: name, Modules: []string{}, Own: []string{}}
		if i := slices.IndexFunc(g.Users, func(u *graph.User) bool { return u.Name == name }); i >= 0 {
			u.Modules, u.Own = idsOf(g.Users[i].Modules), listed(g.Users[i].Own)
		}
		out = append(out, u)
	}
	return out
}

// optionsOf returns the options that the repository declares, by their names.
func (q *query) optionsOf(m *repo.Model) []describedOption {
	v := symbol.View{Model: m}
	out := []describedOption{}
	seen := make(map[symbol.Place]bool)
	for _, e := range m.Evaluations() {
		for _, o := range e.Config.Declared() {
			if isHidden(e.Evaluator(), o) {
				continue
			}
			for _, d := range o.Declarations {
				at := v.Place(d.At)
				if at.File == "" || seen[at] {
					continue
				}
				seen[at] = true
				option := describedOption{Name: module.ShowOption(o.Path), File: at.File, Location: q.location(q.Snapshot, at.File, at.Span)}
				if t := o.Type(); t != nil {
					option.Type = t.Description(e.Evaluator())
				}
				out = append(out, option)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b describedOption) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// isHidden reports whether an option is not shown in manuals, as old names are not.
func isHidden(ev *eval.Evaluator, o *module.Option) bool {
	a := o.Attrs.Get("visible")
	return a != nil && ev.Force(a.Value) == eval.Value(eval.Bool(false))
}

// devicesOf lists what a machine has; nothing for none.
func devicesOf(m *machine.Machine) []describedDevice {
	out := []describedDevice{}
	if m == nil {
		return out
	}
	for i := range m.PCI {
		d := &m.PCI[i]
		if d.Class.Bridge() {
			continue
		}
		driver, _ := d.Driver()
		out = append(out, describedDevice{
			Address: d.Address.String(), ID: d.ID().String(), Name: nameOf(d.ID()), Display: d.Class.Display(),
			Boot: isSet(d.BootVGA), Group: d.IOMMUGroup, Driver: driver,
		})
	}
	return out
}
