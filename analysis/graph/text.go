package graph

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// group is a category of modules.
type group struct {
	kind    Kind
	name    string
	modules []*Module
}

// groups are the modules of the graph by their categories, in order.
func (g *Graph) groups() []*group {
	var out []*group
	for _, m := range g.Modules {
		if n := len(out); n == 0 || out[n-1].kind != m.Kind || out[n-1].name != m.Group {
			out = append(out, &group{kind: m.Kind, name: m.Group})
		}
		last := out[len(out)-1]
		last.modules = append(last.modules, m)
	}
	return out
}

// ids numbers the nodes of a graph for the languages of other programs.
type ids map[any]string

func (g *Graph) ids() ids {
	ids := make(ids)
	for i, h := range g.Hosts {
		ids[h] = fmt.Sprintf("h%d", i)
	}
	for i, u := range g.Users {
		ids[u] = fmt.Sprintf("u%d", i)
	}
	for i, m := range g.Modules {
		ids[m] = fmt.Sprintf("m%d", i)
	}
	for i, u := range g.Unresolved {
		ids[u] = fmt.Sprintf("x%d", i)
	}
	return ids
}

// edges calls f for each edge, from left to right.
func (g *Graph) edges(f func(from, to any)) {
	for _, h := range g.Hosts {
		for _, m := range h.Modules {
			f(h, m)
		}
		for _, u := range h.Users {
			f(h, u)
		}
	}
	for _, u := range g.Unresolved {
		for _, h := range u.Hosts {
			f(h, u)
		}
	}
	for _, u := range g.Users {
		for _, m := range u.Modules {
			f(u, m)
		}
	}
}

// dot writes the graph for Graphviz.
func (g *Graph) dot(w io.Writer) error {
	b := bufio.NewWriter(w)
	ids := g.ids()
	fmt.Fprintln(b, "digraph nixlint {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];")
	for _, h := range g.Hosts {
		fmt.Fprintf(b, "  %s [label=%s, shape=box3d];\n", ids[h], dotText(h.Name))
	}
	for _, u := range g.Users {
		fmt.Fprintf(b, "  %s [label=%s, shape=oval];\n", ids[u], dotText(u.Name))
	}
	for i, c := range g.groups() {
		fmt.Fprintf(b, "  subgraph cluster_%d {\n    label=%s;\n", i, dotText(c.title()))
		for _, m := range c.modules {
			fmt.Fprintf(b, "    %s [label=%s, tooltip=%s%s];\n", ids[m], dotText(m.Label), dotText(m.title()), dotStyle[m.State])
		}
		fmt.Fprintln(b, "  }")
	}
	for _, u := range g.Unresolved {
		fmt.Fprintf(b, "  %s [label=%s, tooltip=%s, style=dashed, color=red];\n", ids[u], dotText(u.Label), dotText(u.Message))
	}
	g.edges(func(from, to any) {
		style := ""
		if _, ok := to.(*Unresolved); ok {
			style = " [style=dashed, color=red]"
		}
		fmt.Fprintf(b, "  %s -> %s%s;\n", ids[from], ids[to], style)
	})
	fmt.Fprintln(b, "}")
	return b.Flush()
}

// title names a category with its kind.
func (c *group) title() string {
	if c.kind == Home {
		return "home: " + c.name
	}
	return c.name
}

var dotStyle = map[State]string{
	Unused: ", style=\"rounded,dashed\"", Unregistered: ", style=\"rounded,dashed\", color=orange", External: ", color=gray",
}

func dotText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

// mermaid writes the graph as Mermaid flowchart, which GitHub and GitLab draw
// in Markdown.
func (g *Graph) mermaid(w io.Writer) error {
	b := bufio.NewWriter(w)
	ids := g.ids()
	fmt.Fprintln(b, "flowchart LR")
	for _, h := range g.Hosts {
		fmt.Fprintf(b, "  %s[[%s]]\n", ids[h], mermaidText(h.Name))
	}
	for _, u := range g.Users {
		fmt.Fprintf(b, "  %s([%s])\n", ids[u], mermaidText(u.Name))
	}
	for i, c := range g.groups() {
		fmt.Fprintf(b, "  subgraph g%d [%s]\n", i, mermaidText(c.title()))
		for _, m := range c.modules {
			fmt.Fprintf(b, "    %s[%s]\n", ids[m], mermaidText(m.Label))
		}
		fmt.Fprintln(b, "  end")
	}
	for _, u := range g.Unresolved {
		fmt.Fprintf(b, "  %s{{%s}}\n", ids[u], mermaidText(u.Label))
	}
	g.edges(func(from, to any) {
		arrow := "-->"
		if _, ok := to.(*Unresolved); ok {
			arrow = "-.->"
		}
		fmt.Fprintf(b, "  %s %s %s\n", ids[from], arrow, ids[to])
	})
	for _, s := range []struct {
		state State
		style string
	}{{Unused, "stroke-dasharray:4"}, {Unregistered, "stroke:#d97706,stroke-dasharray:4"}, {External, "stroke:#9ca3af"}} {
		var of []string
		for _, m := range g.Modules {
			if m.State == s.state {
				of = append(of, ids[m])
			}
		}
		if len(of) > 0 {
			fmt.Fprintf(b, "  classDef %s %s\n  class %s %s\n", s.state, s.style, strings.Join(of, ","), s.state)
		}
	}
	if len(g.Unresolved) > 0 {
		of := mapped(g.Unresolved, func(u *Unresolved) string { return ids[u] })
		fmt.Fprintf(b, "  classDef unresolved stroke:#dc2626,stroke-dasharray:4\n  class %s unresolved\n", strings.Join(of, ","))
	}
	return b.Flush()
}

func mermaidText(s string) string {
	return `"` + strings.NewReplacer(`"`, "#quot;", "<", "#lt;", ">", "#gt;", "\n", " ").Replace(s) + `"`
}
