package lsp

import (
	"fmt"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// hoverAttribute tells what the code says of an attribute of which nothing else is known:
// how a function is called, what is in a set, and what others are bound to.
func (q *query) hoverAttribute(at uint32) *protocol.Hover {
	f := q.File(q.path)
	a, ok := symbol.LocalAttributeAt(f, q.Names(q.path), at)
	if !ok {
		return nil
	}
	span := q.toRange(q.tree().NodeAt(at).Span())
	if sig := a.Signature(f); sig != nil {
		return q.server.hover(describeSignature(sig), span)
	}
	name := module.ShowOption(a.Path)
	text := code(name)
	if inner := parser.Unparen(a.Value); inner.IsValid() && !inner.Is(parser.KindAttrSet) {
		text = code(name + " = " + firstLines(a.Value.Text()) + ";")
	} else if len(a.Members) > 0 {
		text += "\n\nA set of " + quoted(a.Members) + "."
	} else if inner.IsValid() {
		text += "\n\nAn empty set."
	}
	if a.Value.IsValid() {
		if comment := symbol.Comment(a.Value.Parent()); comment != "" {
			text += "\n\n" + comment
		}
	}
	return q.server.hover(text, span)
}

// hoverLibrary tells what a function of nixpkgs' library does that is reached in another way
// than through a module's argument.
func (q *query) hoverLibrary(at uint32) *protocol.Hover {
	e := symbol.LibraryAt(q.File(q.path), q.Names(q.path), at)
	if e == nil {
		return nil
	}
	return q.server.hover(describeEntry("lib.", e), q.toRange(q.tree().NodeAt(at).Span()))
}

// hoverForeign tells where a name comes from of which nothing else is known.
func (q *query) hoverForeign(at uint32) *protocol.Hover {
	sym := symbol.At(q.File(q.path), q.Names(q.path), at)
	if sym.Kind != symbol.Argument {
		return nil
	}
	n := q.tree().NodeCovering(sym.Span)
	text := code(strings.Join(append([]string{sym.Root}, sym.Path...), "."))
	switch in := n.Parent(); {
	case len(sym.Path) == 0:
		return nil
	case sym.Root == "config" || sym.Root == "osConfig":
		text += "\n\nAn option whose declaration is not at hand."
	case sym.Root == "inputs" && len(sym.Path) > 1:
		text += "\n\nOf the input `" + sym.Path[0] + "`."
	case in.Is(parser.KindInherit):
		text = code("inherit (" + parser.Unparen(parser.Inherit{Node: in}.From()).Text() + ") " + n.Text() + ";")
	default:
		return nil
	}
	return q.server.hover(text, q.toRange(sym.Span))
}

// describeOwnOption tells what the file's code says of an option that it declares itself, as a
// module that no host imports.
func (q *query) describeOwnOption(sym symbol.Symbol) string {
	if sym.Kind != symbol.Argument || sym.Root != "config" {
		return ""
	}
	o := symbol.OwnOption(q.File(q.path), q.Names(q.path), sym.Path)
	if len(o.Places) == 0 {
		return ""
	}
	text := code(module.ShowOption(sym.Path))
	switch inner := parser.Unparen(o.Value); {
	case inner.IsValid() && !inner.Is(parser.KindAttrSet):
		text = code(module.ShowOption(sym.Path) + " = " + firstLines(o.Value.Text()) + ";")
	case len(o.Members) > 0:
		text += "\n\nOptions " + quoted(o.Members) + "."
	}
	return text + "\n\nDeclared in this file."
}

// quoted lists names, some of them if there are many.
func quoted(names []string) string {
	var out []string
	for i, name := range names {
		if i == maxListed {
			return strings.Join(out, ", ") + fmt.Sprintf(" and %d more", len(names)-i)
		}
		out = append(out, "`"+name+"`")
	}
	if len(out) == 1 {
		return out[0]
	}
	return strings.Join(out[:len(out)-1], ", ") + " and " + out[len(out)-1]
}
