package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var importCycle = &Rule{
	Name:     "import-cycle",
	Group:    "modules",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "modules import each other in a circle",
	Why: `The module system takes a file once, so a circle of imports does not hang; but whoever imports one of the modules gets
all of them, and none can be used, understood or removed alone. Mostly one of the imports is a slip, such as ` + "`./.`" + ` or
` + "`./default.nix`" + ` in a list of the files beside it.

Move what the modules share into a module that imports none of them.`,
	Bad:   "-- a.nix --\n{\n  imports = [ ./b.nix ];\n}\n-- b.nix --\n{\n  imports = [ ./a.nix ];\n}\n",
	Good:  "-- a.nix --\n{\n  imports = [ ./b.nix ];\n}\n-- b.nix --\n{\n  imports = [ ];\n}\n",
	Fix:   NoFix,
	Ahead: references,
	Host:  evaluatedImports.look,
	Repo: func(r *Repo) {
		g := r.importGraph()
		// Without a circle through any file that is checked there is nothing to tell.
		if !g.turns() || !g.closes() {
			return
		}
		// Of several files of a circle the first is told.
		done := make(map[string]bool) // files of circles that are reported
		for file := range r.Paths() {
			if done[file] {
				continue
			}
			if circle := g.circle(file); circle != nil {
				for _, e := range circle {
					done[e.from] = true
				}
				r.reportCircle(circle)
			}
		}
	},
}

// importEdge is an import of one module's file by another's.
type importEdge struct {
	from, to string
	span     parser.Span // of the import, in the importing file
}

// importGraph holds the imports among the modules of a repository: those that
// files write out in lists of modules, and those that evaluation has met.
type importGraph struct {
	repo      *Repo
	edges     map[string][]importEdge // by file, once they have been asked for
	evaluated map[string][]importEdge // those that evaluation has met
}

func (r *Repo) importGraph() *importGraph {
	g := &importGraph{r, make(map[string][]importEdge), make(map[string][]importEdge)}
	for host := range evaluatedImports.each(r) {
		for from, edges := range host {
			g.evaluated[from] = withEdges(g.evaluated[from], edges)
		}
	}
	return g
}

// withEdges adds imports of a file to others of it, but for those of what is imported already.
func withEdges(edges, more []importEdge) []importEdge {
	if len(edges) == 0 {
		return more
	}
	edges = slices.Clip(edges)
	for i, e := range more {
		if i < len(edges) && edges[i].to == e.to {
			continue // mostly they are the same, in the same order
		}
		if !slices.ContainsFunc(edges, func(o importEdge) bool { return o.to == e.to }) {
			edges = append(edges, e)
		}
	}
	return edges
}

// evaluatedImports are the imports among the modules of a host that its evaluation has
// met, in lists: by file, one for each that it imports.
var evaluatedImports = &perHost[map[string][]importEdge]{func(r *Repo) map[string][]importEdge {
	out := make(map[string][]importEdge)
	seen := make(map[[2]string]bool)
	for _, e := range r.Model.Evaluations() {
		for _, imp := range e.Imports {
			if imp.Target == "" || !imp.Certain || !imp.At.IsValid() || !isListed(imp.At.Syntax()) {
				continue
			}
			from := r.Model.Rel(imp.At.File)
			if way := [2]string{from, imp.Target}; !seen[way] {
				seen[way] = true
				out[from] = append(out[from], importEdge{from, imp.Target, imp.At.Span()})
			}
		}
	}
	return out
}}

// from returns the imports of a file, one for each that it imports.
func (g *importGraph) from(file string) []importEdge {
	if edges, ok := g.edges[file]; ok {
		return edges
	}
	f := g.repo.File(file)
	if (f == nil || len(f.References()) == 0) && len(g.evaluated[file]) == 0 {
		return nil
	}
	var edges []importEdge
	if f != nil {
		for _, ref := range f.References() {
			if ref.Role != repo.RoleImport {
				continue
			}
			outer := parser.WithParens(ref.Node)
			if !outer.Parent().Is(parser.KindList) || repo.BoundAs(outer.Parent()) != "imports" {
				continue
			}
			if target := g.repo.ModuleFile(ref.Target); target != "" {
				edges = withEdges(edges, []importEdge{{file, target, ref.Node.Span()}})
			}
		}
	}
	edges = withEdges(edges, g.evaluated[file])
	g.edges[file] = edges
	return edges
}

// isListed reports whether an expression is an element of a list of imports.
func isListed(n parser.Node) bool {
	n = parser.WithParens(n)
	return n.Parent().Is(parser.KindList) && repo.BoundAs(n.Parent()) == "imports"
}

// turns reports whether there is any circle among the modules that the files that are
// checked import, and so on.
func (g *importGraph) turns() bool {
	const open, closed = 1, 2
	state := make(map[string]int)
	var visit func(file string) bool
	visit = func(file string) bool {
		state[file] = open
		for _, e := range g.from(file) {
			switch state[e.to] {
			case open:
				return true
			case closed:
			default:
				if visit(e.to) {
					return true
				}
			}
		}
		state[file] = closed
		return false
	}
	for f := range g.repo.Checked() {
		if len(f.References())+len(g.evaluated[f.Path]) > 0 && state[f.Path] == 0 && visit(f.Path) {
			return true
		}
	}
	return false
}

// closes reports whether a file that is checked is part of a circle.
func (g *importGraph) closes() bool {
	for f := range g.repo.Checked() {
		if g.circle(f.Path) != nil {
			return true
		}
	}
	return false
}

// circle returns a shortest way from a file back to itself, or nil.
func (g *importGraph) circle(start string) []importEdge {
	before := make(map[string]importEdge)
	for queue := []string{start}; len(queue) > 0; queue = queue[1:] {
		for _, e := range g.from(queue[0]) {
			if e.to == start {
				way := []importEdge{e}
				for at := e.from; at != start; at = before[at].from {
					way = append(way, before[at])
				}
				slices.Reverse(way)
				return way
			}
			if _, seen := before[e.to]; !seen {
				before[e.to] = e
				queue = append(queue, e.to)
			}
		}
	}
	return nil
}

func (r *Repo) reportCircle(circle []importEdge) {
	first := circle[0]
	d := diagnostic.Diagnostic{
		File: first.from, Span: first.span,
		Message: fmt.Sprintf("`%s` imports itself", first.from),
		Help:    "move what the modules share into one that imports none of them",
	}
	if len(circle) == 1 {
		d.Help = "remove the import"
	} else {
		var by []string
		for _, e := range circle[1:] {
			by = append(by, "`"+e.from+"`")
			d.Related = append(d.Related, diagnostic.Related{File: e.from, Span: e.span, Message: fmt.Sprintf("`%s` is imported here", e.to)})
		}
		d.Message += " by way of " + strings.Join(by, ", ")
	}
	r.Report(d)
}
