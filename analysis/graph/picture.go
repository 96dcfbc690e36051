package graph

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// row is a line of a card: a module, a category of modules, or an import that
// leads nowhere.
type row struct {
	label, title string
	file         string // that a viewer may open; may be empty
	style        string // CSS class
	count        int    // of modules; 0 if it is one
	weights      map[*node]int
	at           float64 // place in the order
	x, y         float64 // where edges end
	id           string
}

// card is a category with its rows.
type card struct {
	label      string
	style      string
	rank       int // cards of lower rank stand above the others
	rows       []*row
	x, y, w, h float64
	bare       bool // it has no heading
}

// node is a host or user.
type node struct {
	source
	label, note, title string
	file               string  // that a viewer may open; may be empty
	class              string  // CSS class of what belongs to it
	users              []*node // of a host
	linked             []*node // the users of a host, or the hosts of a user
	x, y, w, h         float64
}

// side is a column of nodes with the column of cards that their edges lead to.
type side struct {
	nodes     []*node
	cards     []*card
	collapsed bool
	cardsAt   float64 // x
	width     float64 // of the cards
	height    float64 // of the taller column
	count     float64 // width of the column with the counts in the cards; 0 if there is none
	step      float64 // between the marks of the nodes in the cards; 0 if there are none
}

// picture is the graph with all in its place.
type picture struct {
	title, summary string
	hosts, users   side
	width, height  float64
}

func (g *Graph) layout() *picture {
	p := &picture{title: g.Title, summary: g.summary()}
	nodes := make(map[any]*node)
	for i, h := range g.Hosts {
		n := &node{label: h.Name, note: noteOf(h.Modules, h.Own, "module"), class: fmt.Sprintf("h%d", i), title: h.describe(), file: mainFile(h.Own, h.Name)}
		nodes[h] = n
		p.hosts.nodes = append(p.hosts.nodes, n)
	}
	for i, u := range g.Users {
		n := &node{label: u.Name, note: noteOf(u.Modules, u.Own, "home module"), class: fmt.Sprintf("u%d", i), title: u.describe(g), file: mainFile(u.Own, u.Name)}
		nodes[u] = n
		p.users.nodes = append(p.users.nodes, n)
	}
	rows := make(map[any]*row)
	p.hosts.fill(g, NixOS, rows)
	p.users.fill(g, Home, rows)
	p.hosts.dangling(g, rows)
	g.edges(func(from, to any) {
		n := nodes[from]
		if u := nodes[to]; u != nil {
			n.users = append(n.users, u)
			n.linked, u.linked = append(n.linked, u), append(u.linked, n)
			return
		}
		r := rows[to]
		if r == nil {
			return
		}
		if r.weights == nil {
			r.weights = make(map[*node]int)
		}
		if r.weights[n]++; r.weights[n] == 1 {
			n.rows = append(n.rows, r)
		}
	})
	p.place()
	return p
}

// mainFile returns the file that stands for a host or user among its own.
func mainFile(own []string, name string) string {
	for _, f := range own {
		if base := path.Base(f); base == "default.nix" || base == name+".nix" {
			return f
		}
	}
	if len(own) > 0 {
		return own[0]
	}
	return ""
}

// noteOf counts the modules of a host or user, or the files that it has instead.
func noteOf(modules []*Module, own []string, what string) string {
	if len(modules) == 0 && len(own) > 0 {
		return counted(len(own), "own file")
	}
	return counted(len(modules), what)
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// summary says how much there is.
func (g *Graph) summary() string {
	count := make(map[Kind]int)
	states := make(map[State]int)
	for _, m := range g.Modules {
		if states[m.State]++; m.State != External {
			count[m.Kind]++
		}
	}
	parts := []string{counted(len(g.Hosts), "host"), counted(count[NixOS], "module")}
	if len(g.Users) > 0 {
		parts = append(parts, counted(len(g.Users), "user"), counted(count[Home], "home module"))
	}
	if n := states[Unused]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d not used", n))
	}
	if n := states[Unregistered]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d not registered", n))
	}
	if n := len(g.Unresolved); n > 0 {
		parts = append(parts, counted(n, "import")+" to nowhere")
	}
	return strings.Join(parts, "  ·  ")
}

func (h *Host) describe() string {
	lines := []string{h.Name + " imports " + counted(len(h.Modules), "module")}
	if h.Unsure {
		lines = append(lines, "and some that could not be evaluated")
	}
	if len(h.Own) > 0 {
		lines = append(lines, "its own files: "+strings.Join(h.Own, ", "))
	}
	return strings.Join(lines, "\n")
}

func (u *User) describe(g *Graph) string {
	var on []string
	for _, h := range g.Hosts {
		if slices.Contains(h.Users, u) {
			on = append(on, h.Name)
		}
	}
	lines := []string{u.Name + " on " + strings.Join(on, ", "), "imports " + counted(len(u.Modules), "home module")}
	if len(u.Own) > 0 {
		lines = append(lines, "own files: "+strings.Join(u.Own, ", "))
	}
	return strings.Join(lines, "\n")
}

// describe tells what a module is, and who uses it.
func (m *Module) describe(users []string) string {
	title := m.title()
	switch m.State {
	case Unused:
		title += "\nno host imports it"
	case Unregistered:
		title += "\nneither registered nor imported"
	}
	if len(users) > 0 {
		title += "\nused by " + strings.Join(users, ", ")
	}
	if len(m.ImportedBy) > 0 {
		title += "\nimported by " + strings.Join(m.ImportedBy, ", ")
	}
	return title
}

// fill makes the cards of a kind of modules. If there are too many modules a
// row stands for a whole category.
func (s *side) fill(g *Graph, kind Kind, rows map[any]*row) {
	total := 0
	var groups []*group
	for _, c := range g.groups() {
		if c.kind == kind {
			groups = append(groups, c)
			total += len(c.modules)
		}
	}
	if total > manyRows {
		s.collapse(groups, rows)
		return
	}
	for _, c := range groups {
		card := &card{label: c.name}
		if c.name == inputsGroup {
			card.style, card.rank = "external", 1
		}
		idle := true
		for _, m := range c.modules {
			r := &row{label: m.Label, title: m.describe(g.usersOf(m)), file: m.File, style: string(m.State)}
			rows[m] = r
			card.rows = append(card.rows, r)
			idle = idle && (m.State == Unused || m.State == Unregistered)
		}
		if idle {
			card.rank = 2
		}
		s.cards = append(s.cards, card)
	}
}

// usersOf returns the names of the hosts or users that have a module.
func (g *Graph) usersOf(m *Module) []string {
	var out []string
	for _, h := range g.Hosts {
		if slices.Contains(h.Modules, m) {
			out = append(out, h.Name)
		}
	}
	for _, u := range g.Users {
		if slices.Contains(u.Modules, m) {
			out = append(out, u.Name)
		}
	}
	return out
}

// collapse makes a row of each category.
func (s *side) collapse(groups []*group, rows map[any]*row) {
	s.collapsed = true
	depth := 0
	for _, c := range groups {
		depth = max(depth, nameDepth(c.name))
	}
	names := make(map[string]bool)
	for ; depth > 0; depth-- {
		clear(names)
		for _, c := range groups {
			names[nameTo(c.name, depth)] = true
		}
		if len(names) <= manyGroups {
			break
		}
	}
	byName := make(map[string]*row)
	all := &card{bare: true}
	for _, c := range groups {
		name := nameTo(c.name, max(depth, 1))
		r := byName[name]
		if r == nil {
			r = &row{label: name}
			byName[name] = r
			all.rows = append(all.rows, r)
		}
		r.count += len(c.modules)
		idle := 0
		for _, m := range c.modules {
			rows[m] = r
			if m.State == Unused || m.State == Unregistered {
				idle++
			}
			if m.State == Unregistered {
				r.style = string(Unregistered)
			}
		}
		r.title = fmt.Sprintf("%s: %s", name, counted(r.count, "module"))
		if idle > 0 {
			r.title += fmt.Sprintf(", %d of them not used", idle)
		}
	}
	s.cards = append(s.cards, all)
}

// nameDepth is how many parts the name of a category has.
func nameDepth(name string) int { return 1 + strings.Count(name, ".") + strings.Count(name, "/") }

// nameTo cuts the name of a category to some parts.
func nameTo(name string, depth int) string {
	for i, c := range name {
		if c == '.' || c == '/' {
			if depth--; depth == 0 {
				return name[:i]
			}
		}
	}
	return name
}

// dangling makes a card of the imports that lead nowhere.
func (s *side) dangling(g *Graph, rows map[any]*row) {
	if len(g.Unresolved) == 0 {
		return
	}
	card := &card{label: "leads nowhere", style: "dangling", rank: -1}
	for _, u := range g.Unresolved {
		r := &row{label: u.Label, title: u.Message + "\nin " + strings.Join(u.Files, ", "), file: u.Files[0], style: "dangling"}
		rows[u] = r
		card.rows = append(card.rows, r)
	}
	s.cards = append(s.cards, card)
}
