package lsp

import (
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/session"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/generator"
	"github.com/nixlint/nixlint/parser"
	"github.com/nixlint/nixlint/vfio/machine"
)

// graphicsCards offers, in the definition of a virtual machine, to give it one of the
// graphics cards that its host is known to have.
func (q *query) graphicsCards(at uint32) (out []protocol.CommandOrCodeAction) {
	if !strings.Contains(q.text(), "=") || len(q.tree().Errors()) > 0 {
		return nil
	}
	q.evaluated(func(evaluated *session.Snapshot, m *repo.Model) {
		if text, err := evaluated.Repo.Text(q.path); err != nil || text != q.text() {
			return // it is looked at again in a moment
		}
		v := symbol.ViewOf(m, q.path)
		g := &generator.Generator{Model: m, Layout: q.layout, Quick: true}
		for host, known := range q.machines(v) {
			h := v.Evaluations[slices.IndexFunc(v.Evaluations, func(in symbol.In) bool { return in.Host.Name == host })].Host
			option := g.VMOption(h)
			if option == nil {
				continue
			}
			set, prefix, ok := q.definitionAt(at, len(option.Path)+1, option.Path)
			if !ok {
				continue
			}
			for i := range known.PCI {
				card := &known.PCI[i]
				if !card.Class.Display() {
					continue
				}
				plan, err := g.GPU(generator.GPU{Host: host, Machine: known, Card: card, File: q.path, Set: set, Prefix: prefix})
				if err != nil || plan.IsEmpty() {
					continue
				}
				if edit := q.server.workspaceEdit(q.folder, q.Snapshot, editsOf(plan)); edit != nil {
					out = append(out, &protocol.CodeAction{
						Title: "Give it " + titleOf(card) + " of " + host, Kind: ptr(protocol.CodeActionKindRefactorRewrite), Edit: edit,
					})
				}
			}
		}
	})
	return out
}

// titleOf names a device in the title of an action.
func titleOf(d *machine.Device) string {
	if name := nameOf(d.ID()); name != "" {
		return name + " (" + d.Address.String() + ")"
	}
	return "the graphics card " + d.Address.String()
}

// definitionAt finds, around an offset, where an element of an option's value is defined:
// its set, or one around it in which what is defined of it begins with the names of prefix.
func (q *query) definitionAt(at uint32, depth int, option []string) (set parser.Node, prefix []string, ok bool) {
	for n := range q.tree().NodeAt(at).Ancestors() {
		if !n.Is(parser.KindBinding) || n.Parent().Is(parser.KindLet) {
			continue
		}
		b := parser.Binding{Node: n}
		whole := symbol.BindingPath(n)
		own, static := b.Path().Static()
		if !static {
			continue
		}
		above := len(whole) - len(own)
		skip := 0
		if len(whole) > 0 && whole[0] == "config" {
			skip = 1
		}
		whole = whole[skip:]
		if len(whole) < depth || !slices.Equal(whole[:len(option)], option) || above-skip >= depth {
			continue
		}
		if len(whole) == depth {
			if value := parser.Unparen(b.Value()); value.Is(parser.KindAttrSet) {
				return value, nil, true
			}
			continue
		}
		return n.Parent(), own[:depth+skip-above], true
	}
	return set, nil, false
}
