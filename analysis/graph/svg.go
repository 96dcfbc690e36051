package graph

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/mattn/go-runewidth"
)

// svg draws the graph. The picture follows the reader's light or dark scheme;
// pointing at something makes what is not connected to it fade.
func (g *Graph) svg(w io.Writer) error {
	p := g.layout()
	d := drawing{bufio.NewWriter(w)}
	d.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" role="img" aria-label="%s">`+"\n",
		px(p.width), px(p.height), px(p.width), px(p.height), escape(p.title))
	d.style(p)
	d.printf(`<rect class="page" width="100%%" height="100%%"/>` + "\n")
	d.printf(`<text class="title" x="%d" y="46">%s</text>`+"\n", margin, escape(p.title))
	d.printf(`<text class="note" x="%d" y="68">%s</text>`+"\n", margin, escape(p.summary))
	d.printf("<g class=\"edges\">\n")
	for _, s := range []*side{&p.hosts, &p.users} {
		for _, n := range s.nodes {
			d.edges(n, s)
		}
	}
	d.printf("</g>\n")
	for _, s := range []*side{&p.hosts, &p.users} {
		for _, c := range s.cards {
			d.card(c, s)
		}
		if s.hasNames() && len(s.cards) > 0 {
			for i, n := range s.nodes {
				x, y := px(s.mark(i)+3), px(s.cards[0].y-7)
				d.printf(`<text class="column" x="%s" y="%s" transform="rotate(-55 %s %s)">%s</text>`+"\n", x, y, x, y, escape(n.label))
			}
		}
		for _, n := range s.nodes {
			d.node(n)
		}
	}
	d.printf("</svg>\n")
	return d.w.Flush()
}

type drawing struct{ w *bufio.Writer }

func (d drawing) printf(format string, args ...any) { fmt.Fprintf(d.w, format, args...) }

// px writes a length with at most one digit behind the point.
func px(v float64) string {
	s := fmt.Sprintf("%.1f", v)
	return strings.TrimSuffix(s, ".0")
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

const baseStyle = `text{font:12px ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
.title{font-size:22px;font-weight:700;letter-spacing:-.3px}
.name{font-size:14px;font-weight:650}
.column{font-size:10px}
.head{font-size:11px;font-weight:650;letter-spacing:.5px;text-transform:uppercase}
.edge{fill:none;stroke-linecap:round}
.edge,.row,.node{transition:opacity .15s}
.edge.to-user{stroke-dasharray:2 5;opacity:.7}
path.edge.dangling{stroke-dasharray:6 4;opacity:.95}
.row{cursor:default}
.hit{fill:transparent}
.row.unused text{font-style:italic}
`

// schemes are the colours of the parts on light and on dark ground.
var schemes = [2]string{
	`.page{fill:#f6f7fb}.title,.name,.label{fill:#1c2333}.note,.head,.count,.column{fill:#6a7387}
.card,.box{fill:#fff;stroke:#dfe3ec}.row:hover .hit{fill:#eef1f8}.bar{fill:#e9edf6}.rest{fill:#e3e7f0}
.row.unused .label,.row.external .label{fill:#7f889b}
.row.unregistered .label,.mark.unregistered{fill:#a85b00}.row.unregistered .frame{fill:#fff4e0;stroke:#e59a2f}
.row.dangling .label,.card.dangling+.head{fill:#c0263a}.card.dangling{fill:#fff3f4;stroke:#e5566a}path.edge.dangling{stroke:#d8344b}
`, `.page{fill:#10131b}.title,.name,.label{fill:#e7eaf3}.note,.head,.count,.column{fill:#8d96ab}
.card,.box{fill:#191e2a;stroke:#2a3142}.row:hover .hit{fill:#232a3a}.bar{fill:#222a3b}.rest{fill:#2b3345}
.row.unused .label,.row.external .label{fill:#7d879c}
.row.unregistered .label,.mark.unregistered{fill:#f2b35c}.row.unregistered .frame{fill:#2d2417;stroke:#b87a24}
.row.dangling .label,.card.dangling+.head{fill:#ff8794}.card.dangling{fill:#2a171c;stroke:#b8404f}path.edge.dangling{stroke:#ff6577}
`}

// style writes the style sheet: the schemes, a colour for each node, and what
// fades when something is pointed at.
func (d drawing) style(p *picture) {
	d.printf("<style>\n%s.edge{opacity:%.2f}\n%s", baseStyle, p.opacity(), schemes[0])
	d.colours(p, 62, 47)
	d.printf("@media(prefers-color-scheme:dark){\n%s", schemes[1])
	d.colours(p, 68, 66)
	d.printf("}\n")
	for _, s := range []*side{&p.hosts, &p.users} {
		for _, n := range s.nodes {
			d.printf("svg:has(#%[1]s:hover) :is(.edge,.row,.node):not(.%[1]s){opacity:.13}", n.class)
			d.printf("svg:has(#%[1]s:hover) .edge.%[1]s{opacity:.9}\n", n.class)
		}
		for _, c := range s.cards {
			for _, r := range c.rows {
				if len(r.weights) > 0 {
					d.printf("svg:has(#%[1]s:hover) .edge:not(.%[1]s){opacity:.06}", r.id)
					d.printf("svg:has(#%[1]s:hover) .edge.%[1]s{opacity:.9}\n", r.id)
				}
			}
		}
	}
	d.printf("</style>\n")
}

// opacity is that of edges: the more there are, the fainter they are.
func (p *picture) opacity() float64 {
	edges := 1.0
	for _, s := range []*side{&p.hosts, &p.users} {
		for _, n := range s.nodes {
			edges += float64(len(n.rows))
		}
	}
	const some = 150
	return max(0.16, min(0.5, 0.5*math.Sqrt(some/edges)))
}

// hues are those of the first nodes; none is near the red of what is wrong.
var hues = []float64{218, 168, 276, 38, 138, 312, 194, 250, 84}

// colours writes the rules for the colour of each node. Where the hues are used
// up, further ones are spread as evenly as can be, however many there are.
func (d drawing) colours(p *picture, saturation, lightness int) {
	const golden = 137.508
	i := 0
	for _, s := range []*side{&p.hosts, &p.users} {
		for _, n := range s.nodes {
			hue := math.Mod(25+golden*float64(i), 320) + 25
			if i < len(hues) {
				hue = hues[i]
			}
			i++
			colour := fmt.Sprintf("hsl(%.0f,%d%%,%d%%)", hue, saturation, lightness)
			d.printf(".edge.from-%[1]s{stroke:%[2]s}.fill-%[1]s{fill:%[2]s}\n", n.class, colour)
		}
	}
}

// edges draws the edges that leave a node.
func (d drawing) edges(n *node, s *side) {
	targets := n.targets()
	for i, t := range targets {
		x, y := n.port(i, len(targets))
		if t.user != nil {
			u := t.user
			d.printf(`<path class="edge to-user from-%s %s %s" stroke-width="1.6" d="%s"><title>%s</title></path>`+"\n",
				n.class, n.class, u.class, curve(x, y, u.x, u.y+u.h/2, 0.35), escape(n.label+" has the user "+u.label))
			continue
		}
		r := t.row
		width := 1.4
		title := n.label + " → " + r.label
		if weight := r.weights[n]; r.count > 0 {
			width = 0.7 + 2.5*float64(weight)/float64(s.most())
			title += fmt.Sprintf(" (%d of %d)", weight, r.count)
		}
		style := ""
		if r.style == "dangling" {
			style = " dangling"
		}
		d.printf(`<path class="edge%s from-%s %s %s" stroke-width="%s" d="%s"><title>%s</title></path>`+"\n",
			style, n.class, n.class, r.id, px(width), curve(x, y, s.cardsAt, r.y, 0.5), escape(title))
	}
}

// curve is a path from left to right that begins and ends level. bend is how
// far the bends reach, as a part of the distance.
func curve(x1, y1, x2, y2, bend float64) string {
	c := (x2 - x1) * bend
	return fmt.Sprintf("M%s %sC%s %s %s %s %s %s", px(x1), px(y1), px(x1+c), px(y1), px(x2-c), px(y2), px(x2), px(y2))
}

func (d drawing) node(n *node) {
	d.printf(`<g id="%s" class="node %s"%s><title>%s</title>`, n.class, n.classes(), fileOf(n.file), escape(n.title))
	d.printf(`<rect class="box" x="%s" y="%s" width="%s" height="%s" rx="9"/>`, px(n.x), px(n.y), px(n.w), px(n.h))
	d.printf(`<rect class="fill-%s" x="%s" y="%s" width="5" height="%s" rx="2.5"/>`, n.class, px(n.x+7), px(n.y+8), px(n.h-16))
	if n.h < nodeHeight {
		d.printf(`<text class="name" x="%s" y="%s">%s</text>`, px(n.x+22), px(n.y+n.h/2+5), escape(n.label))
		count, _, _ := strings.Cut(n.note, " ")
		d.printf(`<text class="count" text-anchor="end" x="%s" y="%s">%s</text>`, px(n.x+n.w-12), px(n.y+n.h/2+4), count)
	} else {
		d.printf(`<text class="name" x="%s" y="%s">%s</text>`, px(n.x+22), px(n.y+n.h/2-2), escape(n.label))
		d.printf(`<text class="note" x="%s" y="%s">%s</text>`, px(n.x+22), px(n.y+n.h/2+15), escape(n.note))
	}
	d.printf("</g>\n")
}

// fileOf tells viewers which file of the repository something stands for.
func fileOf(file string) string {
	if file == "" {
		return ""
	}
	return ` data-file="` + escape(file) + `"`
}

// classes are those of a node and of the nodes it is connected to.
func (n *node) classes() string {
	names := []string{n.class}
	for _, other := range n.linked {
		names = append(names, other.class)
	}
	return strings.Join(names, " ")
}

func (d drawing) card(c *card, s *side) {
	d.printf(`<rect class="card %s" x="%s" y="%s" width="%s" height="%s" rx="10"/>`,
		c.style, px(c.x), px(c.y), px(c.w), px(c.h))
	if !c.bare {
		d.printf(`<text class="head" x="%s" y="%s">%s</text>`, px(c.x+cardPadding), px(c.y+20), escape(shorten(c.label)))
	}
	d.printf("\n")
	for _, r := range c.rows {
		d.row(c, r, s)
	}
}

// unregisteredMark stands behind the label of a module that is not registered.
const unregisteredMark = "unregistered"

// row draws a line of a card.
func (d drawing) row(c *card, r *row, s *side) {
	var classes strings.Builder
	for _, n := range s.nodes {
		if r.weights[n] > 0 {
			classes.WriteString(" " + n.class)
		}
	}
	top := r.y - rowHeight/2
	d.printf(`<g id="%s" class="row %s%s"%s><title>%s</title>`, r.id, r.style, classes.String(), fileOf(r.file), escape(r.title))
	d.printf(`<rect class="hit" x="%s" y="%s" width="%s" height="%d" rx="5"/>`, px(c.x+5), px(top+.5), px(c.w-10), rowHeight-1)
	if r.count > 0 && !s.hasNames() {
		d.printf(`<rect class="bar" x="%s" y="%s" width="%s" height="%d" rx="4"/>`,
			px(c.x+6), px(top+2), px((c.w-12)*float64(r.count)/float64(s.most())), rowHeight-4)
	}
	if r.style == string(Unregistered) {
		d.printf(`<rect class="frame" x="%s" y="%s" width="%s" height="%d" rx="5" stroke-dasharray="4 3"/>`,
			px(c.x+6), px(top+1.5), px(c.w-12), rowHeight-3)
	}
	d.printf(`<text class="label" x="%s" y="%s">%s</text>`, px(c.x+cardPadding), px(r.y+4), escape(shorten(r.label)))
	right := c.x + c.w - cardPadding
	switch {
	case r.style == string(Unregistered) && r.count == 0:
		d.printf(`<text class="mark unregistered" text-anchor="end" x="%s" y="%s">%s</text>`, px(right), px(r.y+4), unregisteredMark)
	default:
		d.marks(r, s)
	}
	if s.count > 0 {
		count := r.count
		if count == 0 {
			count = len(r.weights)
		}
		d.printf(`<text class="count" text-anchor="end" x="%s" y="%s">%d</text>`, px(right), px(r.y+4), count)
	}
	d.printf("</g>\n")
}

// marks shows which nodes have edges to a row, and to how much of it.
func (d drawing) marks(r *row, s *side) {
	if s.step == 0 {
		return
	}
	for i, n := range s.nodes {
		x := s.mark(i)
		weight := r.weights[n]
		switch {
		case s.hasNames() && weight > 0:
			part := 1.0
			if r.count > 0 {
				part = float64(weight) / float64(r.count)
			}
			d.printf(`<rect class="fill-%s" x="%s" y="%s" width="%d" height="%d" rx="2" opacity="%.2f"/>`,
				n.class, px(x-cellSpace/2+.5), px(r.y-rowHeight/2+3), cellSpace-1, rowHeight-6, 0.2+0.8*part)
		case weight > 0:
			d.printf(`<circle class="fill-%s" cx="%s" cy="%s" r="3.4"/>`, n.class, px(x), px(r.y))
		default:
			d.printf(`<circle class="rest" cx="%s" cy="%s" r="1.5"/>`, px(x), px(r.y))
		}
	}
}

// shorten cuts a label that is too long for a row in the middle: both ends of a
// path say more than what is between them.
func shorten(s string) string {
	if runewidth.StringWidth(s) <= maxLabel {
		return s
	}
	runes := []rune(s)
	keep := maxLabel/2 - 1
	return string(runes[:keep]) + "…" + string(runes[len(runes)-keep:])
}
