package graph

import (
	"encoding/json"
	"io"
)

// The JSON form of a graph. Modules are named by their file, those of inputs by
// their attribute.
type (
	jsonGraph struct {
		Version    int              `json:"version"`
		Hosts      []jsonHost       `json:"hosts"`
		Users      []jsonUser       `json:"users"`
		Modules    []jsonModule     `json:"modules"`
		Unresolved []jsonUnresolved `json:"unresolved"`
	}
	jsonHost struct {
		Name    string   `json:"name"`
		Modules []string `json:"modules"`
		Own     []string `json:"own"`
		Users   []string `json:"users"`
		Unsure  bool     `json:"unsure"`
	}
	jsonUser struct {
		Name    string   `json:"name"`
		Modules []string `json:"modules"`
		Own     []string `json:"own"`
	}
	jsonModule struct {
		ID         string   `json:"id"`
		Kind       Kind     `json:"kind"`
		State      State    `json:"state"`
		Name       string   `json:"name,omitempty"`
		Group      string   `json:"group"`
		Label      string   `json:"label"`
		ImportedBy []string `json:"importedBy"`
	}
	jsonUnresolved struct {
		Name    string   `json:"name"`
		Files   []string `json:"files"`
		Message string   `json:"message"`
		Hosts   []string `json:"hosts"`
	}
)

// ID names a module for programs: its file or, if an input has it, its attribute there.
func (m *Module) ID() string {
	if m.File != "" {
		return m.File
	}
	return m.Name
}

func mapped[T any](in []T, f func(T) string) []string {
	out := make([]string, len(in))
	for i, x := range in {
		out[i] = f(x)
	}
	return out
}

// listed is a list that is never null.
func listed(s []string) []string { return append([]string{}, s...) }

func hostName(h *Host) string { return h.Name }

func (g *Graph) json(w io.Writer) error {
	out := jsonGraph{
		Version: 1, Hosts: []jsonHost{}, Users: []jsonUser{}, Modules: []jsonModule{}, Unresolved: []jsonUnresolved{},
	}
	for _, h := range g.Hosts {
		users := mapped(h.Users, func(u *User) string { return u.Name })
		out.Hosts = append(out.Hosts, jsonHost{h.Name, mapped(h.Modules, (*Module).ID), listed(h.Own), users, h.Unsure})
	}
	for _, u := range g.Users {
		out.Users = append(out.Users, jsonUser{u.Name, mapped(u.Modules, (*Module).ID), listed(u.Own)})
	}
	for _, m := range g.Modules {
		out.Modules = append(out.Modules, jsonModule{m.ID(), m.Kind, m.State, m.Name, m.Group, m.Label, listed(m.ImportedBy)})
	}
	for _, u := range g.Unresolved {
		out.Unresolved = append(out.Unresolved, jsonUnresolved{u.Label, listed(u.Files), u.Message, mapped(u.Hosts, hostName)})
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(out)
}
