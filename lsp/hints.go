package lsp

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/session"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
	"github.com/nixlint/nixlint/vfio/machine"
	"github.com/nixlint/nixlint/vfio/pci"
)

// hintSettings say which inlay hints are shown.
type hintSettings struct {
	Devices  bool `json:"devices"`  // what PCI ids and addresses name
	BusIDs   bool `json:"busIds"`   // addresses in the other notation
	Sizes    bool `json:"sizes"`    // MiB in GiB
	Values   bool `json:"values"`   // what `config.a.b` is on each host
	Defaults bool `json:"defaults"` // of options that a set leaves out
	Ends     bool `json:"ends"`     // what ends at the end of a long binding
	Versions bool `json:"versions"` // of packages, if nixpkgs is at hand
}

// allHints is what holds if nothing is set.
var allHints = hintSettings{true, true, true, true, true, true, true}

// InlayHint shows beside the text what it means: see hintSettings.
func (s *server) InlayHint(ctx context.Context, p *protocol.InlayHintParams) ([]protocol.InlayHint, error) {
	q, err := s.queryNix(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	h := &hinting{query: q, hintSettings: s.workspace.hints(), span: s.mapper.toSpan(q.Lines(q.path), p.Range), out: []protocol.InlayHint{}}
	q.evaluated(func(_ *session.Snapshot, m *repo.Model) {
		h.view = symbol.ViewOf(m, q.path)
		h.collect()
	})
	slices.SortStableFunc(h.out, func(a, b protocol.InlayHint) int {
		if a.Position.Line != b.Position.Line {
			return int(a.Position.Line) - int(b.Position.Line)
		}
		return int(a.Position.Character) - int(b.Position.Character)
	})
	return h.out, ctx.Err()
}

// hinting is a list of hints in the making.
type hinting struct {
	*query
	hintSettings
	view symbol.View
	span parser.Span
	out  []protocol.InlayHint
	// present are the devices of the machines that are known, read when they are first needed.
	present []*machine.Device
	read    bool
}

func (h *hinting) add(at uint32, text string) {
	if text == "" || at < h.span.Start || h.span.End < at {
		return
	}
	h.out = append(h.out, protocol.InlayHint{
		Position: h.server.mapper.position(h.Lines(h.path), at), Label: protocol.String(text), PaddingLeft: ptr(true),
	})
}

func (h *hinting) collect() {
	for n := range h.tree().Root().Preorder() {
		at := n.Span()
		if at.End < h.span.Start || h.span.End < at.Start {
			continue
		}
		switch n.Kind() {
		case parser.KindString:
			h.add(at.End, h.textHint(parser.String{Node: n}))
		case parser.KindInt:
			if h.Sizes {
				h.add(at.End, sizeHint(n))
			}
		case parser.KindSelect:
			if h.Values {
				h.add(at.End, h.valueHint(n))
			}
			if h.Versions {
				h.add(at.End, h.packageHint(n))
			}
		case parser.KindIdent:
			if h.Versions && n.Parent().Is(parser.KindList) {
				h.add(at.End, h.packageHint(n))
			}
		case parser.KindAttrSet:
			if h.Defaults {
				h.add(at.Start+1, h.defaultsHint(n))
			}
		case parser.KindBinding:
			if h.Ends {
				h.add(at.End, h.endHint(parser.Binding{Node: n}))
			}
		}
	}
}

// maxHint bounds how much stands beside the text, in bytes.
const maxHint = 48

func shortened(text string) string {
	if len(text) > maxHint {
		text = strings.ToValidUTF8(text[:maxHint], "") + "…"
	}
	return text
}

// textHint names the device of a PCI id, and writes an address in the other notation with
// the name of the device there.
func (h *hinting) textHint(n parser.String) string {
	text, ok := n.Static()
	if !ok || len(text) > 24 {
		return ""
	}
	if id, err := pci.ParseID(text); err == nil {
		if !h.Devices {
			return ""
		}
		return shortened(nameOf(id))
	}
	addr, notation, err := pci.Detect(text)
	if err != nil {
		return ""
	}
	var parts []string
	if h.BusIDs {
		if notation == pci.BusID {
			parts = append(parts, addr.Short())
		} else {
			parts = append(parts, addr.BusID())
		}
	}
	if d := h.deviceAt(addr); h.Devices && d != nil {
		if name := nameOf(d.ID()); name != "" {
			parts = append(parts, shortened(name))
		}
	}
	return strings.Join(parts, ", ")
}

// deviceAt returns the device at an address, if all machines that are known have the same
// there.
func (h *hinting) deviceAt(addr pci.Addr) (found *machine.Device) {
	if !h.read {
		h.read = true
		for _, m := range h.machines(h.view) {
			for i := range m.PCI {
				h.present = append(h.present, &m.PCI[i])
			}
		}
	}
	for _, d := range h.present {
		if d.Address != addr {
			continue
		}
		if found != nil && found.ID() != d.ID() {
			return nil
		}
		found = d
	}
	return found
}

// sizeHint writes an amount of memory in MiB as GiB, by the name that it is given to.
func sizeHint(n parser.Node) string {
	b := n.Parent()
	if !b.Is(parser.KindBinding) || (parser.Binding{Node: b}).Value() != n {
		return ""
	}
	last, _ := parser.StaticName(parser.Binding{Node: b}.Path().LastChild())
	switch name := strings.ToLower(last); {
	case name == "memory", name == "mem", name == "memorysize", strings.HasSuffix(name, "mib"), strings.HasSuffix(name, "megabytes"):
	default:
		return ""
	}
	value, ok := parser.IntValue(n)
	if !ok || value < 1024 {
		return ""
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(value)/1024), ".0") + " GiB"
}

// valueHint tells what an option that is read is on each host.
func (h *hinting) valueHint(n parser.Node) string {
	root, path, ok := symbol.Chain(h.Names(h.path), n)
	if !ok || root != "config" || len(path) == 0 {
		return ""
	}
	ev := h.view.Model.Evaluator()
	var order []string
	hosts := make(map[string][]string)
	for _, found := range h.view.Option(path) {
		value := found.Config.Value(path...)
		switch value.(type) {
		case eval.Bool, eval.Int, eval.Float, eval.String, eval.Null:
		default:
			return ""
		}
		shown := oneLine(ev.PrintShallow(value))
		if len(shown) > maxHint/2 {
			return ""
		}
		if hosts[shown] == nil {
			order = append(order, shown)
		}
		hosts[shown] = append(hosts[shown], found.Label())
	}
	switch len(order) {
	case 0:
		return ""
	case 1:
		return "= " + order[0]
	}
	var parts []string
	for _, shown := range order {
		parts = append(parts, shown+" on "+strings.Join(hosts[shown], ", "))
	}
	return shortened("= " + strings.Join(parts, "; "))
}

// maxDefaults bounds how many defaults are shown in one place.
const maxDefaults = 4

// defaultsHint tells which options of the repository a set leaves at their defaults, if it
// sets others beside them.
func (h *hinting) defaultsHint(set parser.Node) string {
	path := symbol.SetPath(set)
	if len(path) > 0 && path[0] == "config" {
		path = path[1:]
	}
	if len(path) == 0 || path[0] == "options" || len(h.view.Evaluations) == 0 {
		return ""
	}
	ev := h.view.Model.Evaluator()
	in := h.view.Evaluations[0]
	e, rest := in.Config.Inside(path...)
	if e == nil {
		return ""
	}
	given := symbol.Given(parser.AttrSet{Node: set})
	var parts []string
	sets := false
	for _, name := range e.Names(rest...) {
		o, left := e.Option(below(rest, name)...)
		if o == nil || len(left) > 0 || o.IsStub() || o.IsHidden() || !h.isOwn(o.Declarations[0].At) {
			continue
		}
		if slices.Contains(given, name) {
			sets = true
			continue
		}
		if o.Default() == nil || e == in.Config && o.MaySet() {
			continue // another module sets it
		}
		if shown := oneLine(ev.PrintShallow(ev.Force(o.Default()))); len(shown) <= maxHint/2 && !strings.ContainsAny(shown, "<«") {
			parts = append(parts, name+" = "+shown)
		}
	}
	if !sets || len(parts) == 0 {
		return ""
	}
	if len(parts) > maxDefaults {
		parts = append(parts[:maxDefaults], "…")
	}
	return "by default " + strings.Join(parts, ", ")
}

// isOwn reports whether a place is in the repository.
func (h *hinting) isOwn(at eval.Place) bool { return h.view.Place(at).File != "" }

// longBinding is how many lines a binding must have for its end to be named.
const longBinding = 25

// endHint names a long binding at its end.
func (h *hinting) endHint(b parser.Binding) string {
	lines := h.Lines(h.path)
	span := b.Span()
	if !b.Semicolon().IsValid() || lines.Line(span.End)-lines.Line(span.Start) < longBinding {
		return ""
	}
	return b.Path().Text()
}
