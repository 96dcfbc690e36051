package lsp

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/manual"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/session"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// Hover tells what is named at a position: an option with its type and its value on
// each host, the file behind a key of a registry, the value of an argument, what a
// variable is bound to, the device of a PCI id or address.
func (s *server) Hover(ctx context.Context, p *protocol.HoverParams) (*protocol.Hover, error) {
	q, at, err := s.at(ctx, p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	if out := q.hoverInput(at); out != nil {
		return out, nil
	}
	if out := s.hoverText(q, at); out != nil {
		return out, nil
	}
	var out *protocol.Hover
	err = s.look(ctx, p.TextDocumentPositionParams, func(q *query, sym symbol.Symbol, v symbol.View, _ *session.Snapshot) {
		if text := q.describe(sym, v); text != "" {
			out = q.server.hover(text, q.toRange(sym.Span))
		} else if formal, of, ok := v.FormalAt(q.File(q.path), q.Names(q.path), at); ok {
			out = q.server.hover(describeFormal(formal, of), q.toRange(q.tree().NodeAt(at).Span()))
		} else if text := q.describeOwnOption(sym); text != "" {
			out = q.server.hover(text, q.toRange(sym.Span))
		}
	})
	for _, more := range []func(uint32) *protocol.Hover{q.hoverLibrary, q.hoverField, q.hoverWith, q.hoverAttribute, q.hoverForeign} {
		if out == nil && err == nil {
			out = more(at)
		}
	}
	return out, err
}

// hoverWith tells which `with` gives a name of which nothing else is known.
func (q *query) hoverWith(at uint32) *protocol.Hover {
	var from []string
	for _, with := range symbol.WithsOf(q.File(q.path), q.Names(q.path), at) {
		from = append(from, fmt.Sprintf("`with %s` in line %d", oneLine(with.Namespace().Text()), q.Lines(q.path).Line(with.Span().Start)+1))
	}
	if len(from) == 0 {
		return nil
	}
	n := q.tree().NodeAt(at)
	return q.server.hover(code(n.Text())+"\n\nFrom "+strings.Join(from, ", or else ")+".", q.toRange(n.Span()))
}

// hoverField tells what an attribute is bound to that a set has whose code is at hand.
func (q *query) hoverField(at uint32) *protocol.Hover {
	fields, span := q.code().At(at)
	if len(fields) == 0 {
		return nil
	}
	f := fields[0]
	text := describeBound(f.Name, f.Value, f.At.File)
	return q.server.hover(text, q.toRange(span))
}

// describe returns what is known about a symbol, as Markdown; empty for nothing.
func (q *query) describe(sym symbol.Symbol, v symbol.View) string {
	if sym.Kind != symbol.Variable || len(sym.Path) > 0 {
		if found := v.Option(sym.OptionPath()); len(found) > 0 {
			return describeOption(v, sym.OptionPath(), found)
		}
		if group := v.Group(sym.OptionPath()); len(group) > 0 {
			return describeGroup(v, sym.OptionPath(), group)
		}
	}
	switch sym.Kind {
	case symbol.Variable:
		return q.describeVariable(sym, v)
	case symbol.Builtin:
		if e := sym.Described(); e != nil {
			return describeEntry("builtins.", e)
		}
		return code("builtins."+sym.Name) + "\n\nA builtin of Nix."
	case symbol.File:
		target := q.Repo.ModuleFile(sym.Target)
		if target == "" {
			target = sym.Target
		}
		if q.Repo.Entry(target) == 0 {
			return "There is nothing at `" + sym.Target + "`."
		}
		return "File `" + target + "`" + q.headOf(target)
	case symbol.Argument:
		return q.describeArgument(sym, v)
	case symbol.Attribute:
		if e := v.EntryAt(symbol.Place{File: q.path, Span: sym.Span}); e != nil {
			return code(e.Path()) + "\n\nModule `" + e.Target + "`" + q.headOf(e.Target)
		}
		return q.describeAttribute(sym, v)
	}
	return ""
}

// moduleAttributes are what a module as a whole is made of.
var moduleAttributes = map[string]string{
	"imports":         "The modules that this one brings along: paths, keys of registries, sets and functions.",
	"options":         "The options that this module declares.",
	"config":          "What this module defines.",
	"disabledModules": "The modules that are left out although others import them.",
}

// describeAttribute tells what an attribute of fixed meaning is: of flake.nix, or of a module.
func (q *query) describeAttribute(sym symbol.Symbol, v symbol.View) string {
	if q.path == flakeFile {
		list, what := flakeAttributes, sym.Path
		if len(what) > 2 && what[0] == "inputs" && len(what)%2 == 1 {
			list, what = slices.Concat(inputAttributes, referenceAttributes), what[len(what)-1:]
		}
		for _, a := range list {
			if len(what) == 1 && a.name == what[0] {
				return code(strings.Join(sym.Path, ".")) + "\n\n" + capital(a.detail) + "."
			}
		}
		return ""
	}
	if len(sym.Path) == 1 && len(v.Evaluations) > 0 && moduleAttributes[sym.Path[0]] != "" {
		return code(sym.Path[0]) + "\n\n" + moduleAttributes[sym.Path[0]]
	}
	path := sym.OptionPath()
	v.Evaluations = v.Set(path)
	if len(v.Evaluations) == 0 {
		return ""
	}
	return code(module.ShowOption(path)) + "\n\nIts declaration is not at hand." +
		valuesOn(v, func(in symbol.In) eval.Value { return in.Config.Value(path...) })
}

func code(text string) string { return "```nix\n" + text + "\n```" }

// headOf returns the comment that a file begins with, as a paragraph of its own.
func (q *query) headOf(file string) string {
	f := q.File(q.Repo.ModuleFile(file))
	if f == nil {
		return ""
	}
	var lines []string
	for c := range f.Tree.Comments() {
		if first := f.Tree.Token(0); c.Span.Start > first.Span().Start {
			break
		}
		text := strings.TrimLeft(f.Tree.TriviaText(c), "#/* ")
		lines = append(lines, strings.TrimRight(text, "*/ \n"))
	}
	if len(lines) == 0 {
		return ""
	}
	return "\n\n" + strings.Join(lines, "\n")
}

func describeOption(v symbol.View, path []string, found []symbol.Found) string {
	ev := found[0].In.Evaluator()
	o := found[0].Nearest()
	named := found[0].Named() != nil
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", code(module.ShowOption(path)))
	if text := strings.TrimSpace(o.Text("description")); text != "" {
		fmt.Fprintf(&b, "%s\n\n", text)
	}
	if t := o.Type(); t != nil && named {
		fmt.Fprintf(&b, "Type: %s\n\n", t.Description(ev))
	}
	if d := o.Default(); d != nil && named {
		fmt.Fprintf(&b, "Default: `%s`\n\n", oneLine(ev.PrintBrief(ev.Force(d), maxShown)))
	}
	for _, d := range o.Declarations {
		if d.At.IsValid() {
			fmt.Fprintf(&b, "Declared in `%s`\n\n", v.Model.Name(d.At.File.Path))
		}
	}
	for _, f := range found {
		if !f.IsOne() {
			continue
		}
		value := f.Config.Value(path...)
		shown := oneLine(ev.PrintBrief(value, maxShown))
		if _, wrong := value.(*eval.Error); wrong {
			shown = "no value"
		}
		fmt.Fprintf(&b, "- %s: `%s`\n", f.Label(), shown)
	}
	return strings.TrimSpace(b.String())
}

// maxListed bounds how many options of a group are listed.
const maxListed = 20

// describeGroup tells which options there are below a path.
func describeGroup(v symbol.View, path []string, group []*module.Option) string {
	ev := v.Model.Evaluator()
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n", code(module.ShowOption(path)), counted(len(group), "option"))
	for i, o := range group {
		if i == maxListed {
			fmt.Fprintf(&b, "\n- and %d more", len(group)-i)
			break
		}
		fmt.Fprintf(&b, "\n- `%s`", module.ShowOption(o.Path[len(path):]))
		if t := o.Type(); t != nil {
			b.WriteString(": " + t.Description(ev))
		}
	}
	var files []string
	for _, p := range v.GroupPlaces(path) {
		if !slices.Contains(files, "`"+p.File+"`") {
			files = append(files, "`"+p.File+"`")
		}
	}
	if len(files) > 0 && len(files) <= 4 {
		b.WriteString("\n\nDeclared in " + strings.Join(files, ", "))
	}
	return b.String()
}

// counted writes a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// maxShown bounds how much of a value is shown, in bytes.
const maxShown = 200

func oneLine(text string) string {
	text = strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "`", "'")
	if len(text) > maxShown {
		text = strings.ToValidUTF8(text[:maxShown], "") + "…"
	}
	return text
}

func (q *query) describeVariable(sym symbol.Symbol, v symbol.View) string {
	names := q.Names(q.path)
	def := names.Definitions()[sym.Def]
	node := names.Tree().Node(def.Node)
	switch def.Kind {
	case scope.Formal:
		if text := q.describeArgument(symbol.Symbol{Kind: symbol.Argument, Root: sym.Name}, v); text != "" {
			return text
		}
		return code(sym.Name) + "\n\nAn argument of the function in line " + fmt.Sprint(q.Lines(q.path).Line(node.Span().Start)+1) + "."
	case scope.Argument, scope.Whole:
		return code(sym.Name+":") + "\n\nAn argument of the function."
	case scope.Binding:
		if sig := symbol.SignatureOfDefinition(q.File(q.path), names, sym.Def); sig != nil {
			return describeSignature(sig)
		}
		if b := node.Parent().Parent(); b.Is(parser.KindBinding) && node.Parent().ChildCount() == 1 {
			text := code(sym.Name + " = " + firstLines((parser.Binding{Node: b}).Value().Text()) + ";")
			if comment := symbol.Comment(b); comment != "" {
				text += "\n\n" + comment
			}
			return text + q.meant(sym, v)
		}
	case scope.InheritFrom:
		if sig := q.code().FunctionOf(sym.Def); sig != nil {
			return describeSignature(sig)
		}
		if more := q.meant(sym, v); more != "" {
			return strings.TrimSpace(more)
		}
		if e := symbol.LibraryOf(names, sym.Def); e != nil {
			return describeEntry("lib.", e)
		}
		return code(node.Parent().Text())
	}
	return ""
}

// meant tells, as another paragraph, what a variable that stands for something else stands
// for, and of others the value; it is empty if neither is known.
func (q *query) meant(sym symbol.Symbol, v symbol.View) string {
	if part, ok := symbol.Aliased(q.Names(q.path), sym); ok {
		if text := q.describe(part, v); text != "" {
			return "\n\n" + text
		}
		return ""
	}
	names := q.Names(q.path)
	return valuesOn(v, func(in symbol.In) eval.Value {
		switch value := v.Variable(in, q.File(q.path), names, sym.Def).(type) {
		case *eval.Unknown, *eval.Error, *eval.Lambda, *eval.Native:
			return nil
		default:
			return value
		}
	})
}

// valuesOn lists values in a paragraph: a line for each, with the hosts that have it.
func valuesOn(v symbol.View, of func(symbol.In) eval.Value) string {
	var order []string
	hosts := make(map[string][]string)
	for _, in := range v.Evaluations {
		value := of(in)
		if value == nil {
			continue
		}
		shown := oneLine(in.Evaluator().PrintBrief(value, maxShown))
		if hosts[shown] == nil {
			order = append(order, shown)
		}
		if !slices.Contains(hosts[shown], in.Label()) {
			hosts[shown] = append(hosts[shown], in.Label())
		}
	}
	var b strings.Builder
	for i, shown := range order {
		if i == 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "\n- `%s` on %s", shown, strings.Join(hosts[shown], ", "))
	}
	return b.String()
}

// firstLines returns the beginning of an expression of many lines.
func firstLines(text string) string {
	const most = 12
	lines := strings.Split(text, "\n")
	if len(lines) > most {
		lines = append(lines[:most], "…")
	}
	return strings.Join(lines, "\n")
}

// describeEntry tells how a builtin or a function of the library is called, and what it
// does.
func describeEntry(prefix string, e *manual.Entry) string {
	return code(prefix+e.Signature()+" :: "+e.Type) + "\n\n" + e.Text
}

// describeFormal tells what an attribute is to a function that takes it.
func describeFormal(formal symbol.Formal, of *symbol.Signature) string {
	text := code(formal.Name)
	if formal.Default != "" {
		text = code(formal.Name + " ? " + firstLines(formal.Default))
	}
	text += "\n\nAn argument of `" + of.Name + "`"
	if formal.At.File != "" {
		text += ", defined in `" + formal.At.File + "`"
	}
	return text
}

// describeSignature tells how a function of the repository is called.
func describeSignature(sig *symbol.Signature) string {
	head := sig.Name
	for _, p := range sig.Params {
		if !p.IsPattern() {
			head += " " + p.Name
			continue
		}
		var formals []string
		for _, f := range p.Formals {
			if f.Default != "" {
				f.Name += " ? " + oneLine(f.Default)
			}
			formals = append(formals, f.Name)
		}
		if p.Ellipsis {
			formals = append(formals, "...")
		}
		head += " { " + strings.Join(formals, ", ") + " }"
	}
	text := code(head)
	if sig.Text != "" {
		text += "\n\n" + sig.Text
	}
	if sig.At.File != "" {
		text += "\n\nDefined in `" + sig.At.File + "`"
	}
	return text
}

func (q *query) describeArgument(sym symbol.Symbol, v symbol.View) string {
	whole := strings.Join(append([]string{sym.Root}, sym.Path...), ".")
	if entry, folder := v.Key(sym); entry != nil {
		return code(whole) + "\n\nModule `" + entry.Target + "`" + q.headOf(entry.Target) + optionsOf(v, q.Repo.ModuleFile(entry.Target))
	} else if len(folder) > 0 && len(sym.Path) > 0 {
		return code(whole) + "\n\n" + counted(len(folder), "module")
	}
	if p := q.packageOf(sym); p != nil {
		return describePackage(sym.Path[0], p)
	}
	if e := sym.Described(); e != nil {
		return describeEntry("lib.", e)
	}
	if sig := v.SignatureOf(sym); sig != nil {
		return describeSignature(sig)
	}
	if sym.Root == "lib" && len(sym.Path) > 0 {
		if at := v.Written(sym); at.IsValid() {
			return describeWritten(whole, v, at)
		}
		return code(whole) + "\n\nA function or value of nixpkgs' library."
	}
	if text := outlines[sym.Root]; text != "" && len(sym.Path) == 0 {
		return code(whole) + "\n\n" + text
	} else if _, folder := v.Key(sym); len(folder) > 0 {
		return code(whole) + "\n\nA registry of " + counted(len(folder), "module") + "."
	}
	values := valuesOn(v, func(in symbol.In) eval.Value {
		value, _ := v.Value(in, sym.Root, sym.Path)
		if _, unknown := value.(*eval.Unknown); unknown && len(sym.Path) == 0 {
			return nil // a formal of a function that is no module, as likely as not
		}
		return value
	})
	if values != "" {
		return code(whole) + values
	}
	if sym.Root == "pkgs" {
		return code(whole) + "\n\nOf the packages of nixpkgs, whose source is not at hand."
	}
	return ""
}

// outlines tell what arguments are whose values are too large to be shown.
var outlines = map[string]string{
	"config":   "What all modules together define.",
	"options":  "What all modules together declare.",
	"lib":      "nixpkgs' library, with what the repository adds to it.",
	"pkgs":     "The packages of nixpkgs.",
	"osConfig": "What the modules of the host define around this home.",
}

// describeWritten shows the attribute of the repository at a place.
func describeWritten(whole string, v symbol.View, at eval.Place) string {
	var value parser.Node
	if b := at.Syntax().Parent().Parent(); b.Is(parser.KindBinding) {
		value = parser.Binding{Node: b}.Value()
	}
	return describeBound(whole, value, v.Model.Rel(at.File))
}

// describeBound shows what a name is bound to in a file, with the comment above the binding.
// The value is invalid if none is written for the name alone.
func describeBound(name string, value parser.Node, file string) string {
	text := code(name)
	if value.IsValid() {
		text = code(name + " = " + firstLines(value.Text()) + ";")
		if comment := symbol.Comment(value.Parent()); comment != "" {
			text += "\n\n" + comment
		}
	}
	return text + "\n\nDefined in `" + file + "`"
}

// optionsOf lists the options that a file declares.
func optionsOf(v symbol.View, file string) string {
	var out []string
	for _, e := range v.Model.Evaluations() {
		for _, o := range e.Config.Declared() {
			for _, d := range o.Declarations {
				if d.At.IsValid() && v.Model.Rel(d.At.File) == file {
					out = append(out, "- `"+module.ShowOption(o.Path)+"`")
				}
			}
		}
		if len(out) > 0 {
			break
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "\n\nOptions:\n\n" + strings.Join(slices.Compact(out), "\n")
}
