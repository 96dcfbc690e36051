package module

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

// group is one place in the tree of options: a set of options, or one option.
type group struct {
	e   *Evaluation
	loc []string // the path, with the evaluation's prefix
	*declarations
	// defs are the definitions here, not looked at yet.
	defs    []raw
	*pushed      // what the definitions hold; nil until push
	pushing bool // it is under way: a definition may ask for what is below
	unsure  bool // a declaration here is not known

	option *Option // set if this is an option
	made   *eval.Thunk
	others *others // the places below of names that are not declared; nil while there are none
}

// declarations are what is declared at a place.
type declarations struct {
	// decls are the sets that declare options, and index their attributes if they
	// are several.
	decls []declared
	index index
	names []string // sorted
	// below are the places of the names, each nil until it is asked for.
	below []*group
}

// nothingDeclared are the declarations of most places.
var nothingDeclared = &declarations{}

// others are places by their names.
type others struct {
	groups []*group
	index  map[string]*group // nil while they are few
}

// few is the number of sets of definitions in which attributes are found without an index.
const few = 4

// pushed are the definitions of a group with their properties taken off.
type pushed struct {
	layers []layer
	other  []raw // what are no sets
	index  index // of the layers; nil unless they are many
	open   bool  // some layers may hold more than is known
}

// index finds the attributes of many sets by name: in the order of their names,
// and those with the same name in the order of the sets.
type index []ref

// ref is an attribute of one of many sets.
type ref struct {
	attr *eval.Attr
	set  int32
}

// newIndex makes the index of n sets.
func (e *Evaluation) newIndex(n int, set func(i int) *eval.Attrs) index {
	count := 0
	for i := range n {
		count += len(set(i).Entries)
	}
	out := e.slabs().refs.take(count)
	at, sorted := 0, true
	for i := range n {
		entries := set(i).Entries
		for j := range entries {
			sorted = sorted && (at == 0 || out[at-1].attr.Name <= entries[j].Name)
			out[at] = ref{&entries[j], int32(i)}
			at++
		}
	}
	if !sorted {
		slices.SortFunc(out, func(a, b ref) int {
			if c := strings.Compare(a.attr.Name, b.attr.Name); c != 0 {
				return c
			}
			return int(a.set - b.set)
		})
	}
	return out
}

// of returns the attributes of a name.
func (x index) of(name string) index {
	lo, _ := slices.BinarySearchFunc(x, name, func(r ref, name string) int { return strings.Compare(r.attr.Name, name) })
	hi := lo
	for hi < len(x) && x[hi].attr.Name == name {
		hi++
	}
	return x[lo:hi]
}

// names returns the names, each once.
func (x index) names() []string {
	count := 0
	for i := range x {
		if i == 0 || x[i].attr.Name != x[i-1].attr.Name {
			count++
		}
	}
	out := make([]string, 0, count)
	for i := range x {
		if i == 0 || x[i].attr.Name != x[i-1].attr.Name {
			out = append(out, x[i].attr.Name)
		}
	}
	return out
}

// declared is a set of option declarations, or one declaration.
type declared struct {
	attrs  *eval.Attrs
	module *Module
	at     eval.Place
}

// newRoot makes the root of the tree. Nixpkgs merges modules in the reverse of
// the order in which it visits them: what is imported comes first.
func (e *Evaluation) newRoot() *group {
	g := &group{e: e, loc: e.Input.Prefix, declarations: nothingDeclared}
	var decls []declared
	for _, m := range slices.Backward(e.Modules) {
		if m.options != nil {
			switch v := e.ev.Force(m.options).(type) {
			case *eval.Attrs:
				decls = append(decls, declared{v, m, m.At})
			case *eval.Unknown:
				e.Unsure = true
			case *eval.Error:
				e.problem(Problem{Kind: BadModule, At: v.At, Message: v.Message, Certain: m.Certain, Module: m, Error: v})
			default:
				e.problem(Problem{
					Kind: BadModule, At: m.At, Certain: m.Certain, Module: m,
					Message: "the options of a module have to be a set, not " + describe(e.ev, v),
				})
			}
		}
		if m.config != nil {
			g.defs = append(g.defs, raw{value: m.config, module: m, at: m.At, certain: m.Certain})
		}
		beside := func(name string, value *eval.Thunk) {
			set := eval.SetOf(eval.Attr{Name: name, Value: value})
			g.defs = append(g.defs, raw{value: eval.Done(set), module: m, at: m.At, certain: m.Certain})
		}
		if m.meta != nil {
			beside("meta", m.meta)
		}
		if m.freeform != nil {
			beside("_module", eval.Done(eval.SetOf(eval.Attr{Name: "freeformType", Value: m.freeform})))
		}
	}
	g.declare(decls)
	return g
}

// declare sets what is declared here.
func (g *group) declare(decls []declared) {
	if decls == nil {
		return
	}
	g.declarations = &g.e.slabs().declarations.take(1)[0]
	g.decls = decls
	switch len(decls) {
	case 0:
	case 1:
		g.names = g.e.slabs().names.take(len(g.decls[0].attrs.Entries))
		for i, a := range g.decls[0].attrs.Entries {
			g.names[i] = a.Name
		}
	default:
		g.declarations.index = g.e.newIndex(len(g.decls), func(i int) *eval.Attrs { return g.decls[i].attrs })
		g.names = g.declarations.index.names()
	}
}

// push takes the properties off the definitions.
func (g *group) push() {
	if g.pushed != nil {
		return
	}
	slabs := g.e.slabs()
	g.pushed = slabs.pushed.one()
	g.layers = slabs.layers.take(len(g.defs))[:0] // mostly each is a set
	p := pushing{ev: g.e.ev, layers: &g.layers, other: &g.other}
	g.pushing = true
	for _, r := range g.defs {
		p.down(r)
	}
	g.pushing = false
	for i := range g.layers {
		g.pushed.open = g.pushed.open || g.layers[i].attrs.Rest != nil
	}
	if len(g.layers) > few {
		g.pushed.index = g.e.newIndex(len(g.layers), func(i int) *eval.Attrs { return g.layers[i].attrs })
	}
}

// definitionsOf returns what the layers define at a name, in their order.
func (g *group) definitionsOf(name string) []raw {
	g.push()
	ev := g.e.ev
	if g.pushing || g.pushed.open || g.pushed.index == nil {
		var room [few]raw
		found := room[:0]
		for i := range g.layers {
			if r, ok := g.layers[i].attr(ev, name); ok {
				found = append(found, r)
			}
		}
		out := g.e.slabs().raws.take(len(found))
		copy(out, found)
		return out
	}
	refs := g.pushed.index.of(name)
	if len(refs) == 0 {
		return nil
	}
	out := g.e.slabs().raws.take(len(refs))
	for i, x := range refs {
		out[i] = g.layers[x.set].of(x.attr)
	}
	return out
}

// defined reports whether there are definitions of an attribute.
func (g *group) defined(name string) bool {
	g.push()
	if !g.pushing && !g.pushed.open && g.pushed.index != nil {
		return len(g.pushed.index.of(name)) > 0
	}
	for i := range g.layers {
		if _, ok := g.layers[i].attr(g.e.ev, name); ok {
			return true
		}
	}
	return false
}

// definedNames lists the names that are certainly or perhaps defined here.
func (g *group) definedNames() []string {
	g.push()
	if !g.pushing && g.pushed.index != nil {
		return g.pushed.index.names()
	}
	var out []string
	for _, l := range g.layers {
		out = append(out, l.attrs.Names()...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// isDeclared reports whether a name is declared here.
func (g *group) isDeclared(name string) bool {
	_, found := slices.BinarySearch(g.names, name)
	return found
}

// bytesPerGroup is about what a group takes.
const bytesPerGroup = 512

// child returns the place below this one. There is one for every name.
func (g *group) child(name string) *group {
	if i, found := slices.BinarySearch(g.names, name); found {
		return g.declaredChild(i)
	}
	c := g.others.find(name)
	if c == nil {
		c = g.newChild(name)
		if g.others == nil {
			g.others = &g.e.slabs().others.take(1)[0]
		}
		g.others.add(c)
	}
	return c
}

// name is the last name of the path.
func (g *group) name() string { return g.loc[len(g.loc)-1] }

func (o *others) find(name string) *group {
	switch {
	case o == nil:
		return nil
	case o.index != nil:
		return o.index[name]
	}
	for _, c := range o.groups {
		if c.name() == name {
			return c
		}
	}
	return nil
}

func (o *others) add(c *group) {
	o.groups = append(o.groups, c)
	const few = 8
	switch n := len(o.groups); {
	case o.index != nil:
		o.index[c.name()] = c
	case n > few:
		o.index = make(map[string]*group, 2*n)
		for _, c := range o.groups {
			o.index[c.name()] = c
		}
	}
}

// declaredChild is the child with the i-th of the declared names.
func (g *group) declaredChild(i int) *group {
	if g.below == nil {
		g.below = g.e.slabs().below.take(len(g.names))
	}
	if g.below[i] == nil {
		c := g.newChild(g.names[i]) // which may ask for others
		g.below[i] = c
	}
	return g.below[i]
}

func (g *group) newChild(name string) *group {
	if g.pushing {
		g.e.hasty = true
	}
	ev, slabs := g.e.ev, g.e.slabs()
	ev.Reserve(bytesPerGroup)
	c := slabs.groups.one()
	c.e, c.loc, c.declarations = g.e, slabs.names.take(len(g.loc)+1), nothingDeclared
	c.loc[copy(c.loc, g.loc)] = name
	g.e.making = append(g.e.making, making{g, name})
	options, sets := g.declarationsOf(name, c)
	g.e.making = g.e.making[:len(g.e.making)-1]
	if c.unsure && len(sets) > 0 {
		options = nil
	}
	options, sets = yield(options, sets)
	c.defs = g.definitionsOf(name)
	for _, r := range g.other {
		if u, ok := ev.Force(r.value).(*eval.Unknown); ok {
			r = r.with(eval.Done(ev.Select(u, name, eval.Place{})))
			r.certain = false
			c.defs = append(c.defs, r)
		}
	}
	if len(options) > 0 {
		c.option = newOption(c, options, sets)
	} else {
		c.declare(sets)
	}
	return c
}

// declarationsOf returns what is declared at a name, whose place is c: options,
// and sets of them.
func (g *group) declarationsOf(name string, c *group) (options, sets []declared) {
	ev := g.e.ev
	var one [1]ref
	refs := g.declarations.index.of(name)
	if len(g.decls) == 1 {
		if a := g.decls[0].attrs.Get(name); a != nil {
			one[0].attr = a
			refs = one[:]
		}
	}
	// One of the two takes them all, mostly.
	room := g.e.slabs().declared.take(len(refs))
	add := func(list *[]declared, d declared) {
		if len(*list) == 0 && len(options)+len(sets) == 0 {
			*list = room[:0]
		}
		*list = append(*list, d)
	}
	for _, x := range refs {
		d, a := g.decls[x.set], x.attr
		at := a.At
		if !at.IsValid() {
			at = d.at
		}
		switch v := ev.Force(a.Value).(type) {
		case *eval.Attrs:
			switch kind := propertyOf(ev, v); kind {
			case "option":
				add(&options, declared{v, d.module, at})
			case "":
				add(&sets, declared{v, d.module, at})
			default:
				g.e.problem(Problem{
					Kind: BadOption, Path: c.loc, At: at, Module: d.module, Certain: d.module.Certain,
					Message: "expected a declaration of an option but found a set whose `_type` is `" + kind + "`",
				})
			}
		case *eval.Unknown:
			c.unsure = true
			unknown := eval.SetOf(eval.Attr{Name: "_type", Value: eval.Done(eval.String("option"))})
			unknown = &eval.Attrs{Entries: unknown.Entries, Rest: v}
			add(&options, declared{unknown, d.module, at})
		case *eval.Error:
			// What it would have declared is missing.
			c.unsure = true
			g.e.problem(Problem{
				Kind: BadOption, Path: c.loc, At: v.At, Module: d.module, Message: v.Message, Certain: d.module.Certain, Error: v,
			})
		default:
			g.e.problem(Problem{
				Kind: BadOption, Path: c.loc, At: at, Module: d.module, Certain: d.module.Certain,
				Message: "expected a declaration of an option but found " + eval.TypeName(v),
			})
		}
	}
	return options, sets
}

// path is the path without the evaluation's prefix.
func (g *group) path() []string { return g.loc[len(g.e.Input.Prefix):] }

// isRoot reports whether the group is the whole tree.
func (g *group) isRoot() bool { return len(g.loc) == len(g.e.Input.Prefix) }

// yield leaves the declarations of stubs out if there are others.
func yield(options, sets []declared) (o, s []declared) {
	strong := func(d declared) bool { return !d.module.weak }
	if slices.ContainsFunc(options, strong) || slices.ContainsFunc(sets, strong) {
		weak := func(d declared) bool { return d.module.weak }
		options = slices.DeleteFunc(options, weak)
		if len(options) > 0 {
			sets = slices.DeleteFunc(sets, weak)
		}
	}
	return options, sets
}

// value returns the value of the option here, or the set of the values below.
func (g *group) value() *eval.Thunk {
	if g.made == nil {
		if g.option != nil {
			g.made = &g.option.value.thunk
		} else if g.decls == nil && !g.isRoot() {
			g.made = eval.Later(func(*eval.Evaluator) eval.Value { return g.openValue() })
		} else {
			g.made = eval.Later(func(*eval.Evaluator) eval.Value { return g.config() })
		}
	}
	return g.made
}

// open reports whether options may be declared here by modules that are not
// at hand.
func (g *group) open() bool {
	e := g.e
	switch {
	case g.unsure:
		return true
	case !e.Open():
		return false
	case g.isRoot() || e.Unsure || e.Input.Extended:
		return true
	}
	return !e.ownRoot(g.path()[0])
}

// ownRoot reports whether all options below a name are declared by the modules
// at hand: some are, and NixOS and its like have none of that name.
func (e *Evaluation) ownRoot(name string) bool {
	if upstream[name] || e.isShared(name) {
		return false
	}
	g := e.root.child(name)
	if g.option != nil {
		return !g.option.weak()
	}
	return slices.ContainsFunc(g.decls, func(d declared) bool { return !d.module.weak })
}

// isShared reports whether modules that are not at hand may declare options below
// a name, too.
func (e *Evaluation) isShared(name string) bool {
	if e.Input.MayDeclare == nil || len(e.Unknown) == 0 {
		return false
	}
	shared, known := e.shared[name]
	if !known {
		g := e.root.child(name)
		shared = slices.ContainsFunc(e.Unknown, func(u *eval.Unknown) bool {
			if e.Input.MayDeclare(u, name) {
				return true
			}
			// A module is mostly called for the option that it declares.
			path := u.Cause().Path
			if len(path) < 3 {
				return false
			}
			called := path[len(path)-1]
			return !g.isDeclared(called) && g.defined(called)
		})
		if e.shared == nil {
			e.shared = make(map[string]bool)
		}
		e.shared[name] = shared
	}
	return shared
}

// making is a place that is being made. What declares it may look at the set of
// values around it, as in `with config.device; mkOption { … }`.
type making struct {
	g    *group
	name string
}

// config is the set of the values below.
func (g *group) config() eval.Value {
	names := g.names
	open, free := g.open(), g.e.freeformType() != nil
	if open {
		names = slices.Concat(names, g.definedNames())
		slices.Sort(names)
		names = slices.Compact(names)
	}
	out := &eval.Attrs{Entries: make([]eval.Attr, 0, len(names))}
	for _, name := range names {
		if name == "_module" && g.isRoot() {
			continue
		}
		if len(g.e.making) > 0 && slices.Contains(g.e.making, making{g, name}) {
			later := eval.Later(func(ev *eval.Evaluator) eval.Value { return ev.Force(g.child(name).value()) })
			out.Entries = append(out.Entries, eval.Attr{Name: name, Value: later})
			continue
		}
		c := g.child(name)
		out.Entries = append(out.Entries, eval.Attr{Name: name, Value: c.value(), At: c.at()})
	}
	if open {
		out.Rest = eval.NewUnknown("it may be set by a module that is not at hand", append([]string{"config"}, g.loc...)...)
	}
	if free {
		return g.freeform(out)
	}
	return out
}

// at is the place of a definition, or else of a declaration.
func (g *group) at() eval.Place {
	for _, r := range g.defs {
		if r.at.IsValid() && r.at.File != nil {
			return r.at
		}
	}
	if g.option != nil {
		return g.option.Declarations[0].At
	}
	for _, d := range g.decls {
		return d.at
	}
	return eval.Place{}
}

// freeform adds to the set of the values here what the freeform type makes of
// definitions that no option is declared for. The type is that of the whole
// configuration, so what is defined here is merged with its path around it.
func (g *group) freeform(declared *eval.Attrs) eval.Value {
	g.push()
	known := g.names
	if g.isRoot() {
		known = append(slices.Clip(known), "_module")
	}
	var defs []Definition
	for _, l := range g.layers {
		rest := l.attrs.Without(known...)
		if len(rest.Entries) == 0 && rest.Rest == nil {
			continue
		}
		if len(l.props) > 0 {
			rest = wrapAttrs(rest, l.props)
		}
		value := eval.Done(rest)
		for _, name := range slices.Backward(g.path()) {
			value = eval.Done(eval.SetOf(eval.Attr{Name: name, Value: value, At: l.at}))
		}
		defs = append(defs, Definition{
			Value: value, Module: l.module, At: l.at, Priority: DefaultPriority, Order: defaultOrder, Certain: l.certain,
		})
	}
	if len(defs) == 0 {
		return declared
	}
	m := merging{e: g.e, loc: g.e.Input.Prefix}
	v := m.checked(g.e.freeformType(), resolved{sure: defs, priority: DefaultPriority})
	for _, name := range g.path() {
		v = g.e.ev.Select(v, name, eval.Place{})
	}
	switch v := v.(type) {
	case *eval.Attrs:
		return eval.Update(v, declared)
	case *eval.Unknown:
		return &eval.Attrs{Entries: declared.Entries, Rest: eval.Either(declared.Rest, v)}
	}
	return declared
}

// wrapAttrs puts properties around each attribute of a set.
func wrapAttrs(a *eval.Attrs, props []property) *eval.Attrs {
	out := &eval.Attrs{Entries: slices.Clone(a.Entries), Rest: a.Rest}
	for i, e := range out.Entries {
		out.Entries[i].Value = rewrap(e.Value, props)
	}
	return out
}

// freeformType returns the type of definitions without an option, or nil.
func (e *Evaluation) freeformType() *Type {
	if e.free == nil {
		e.free = new(*Type)
		inner := e.root.child("_module").child("freeformType")
		res := e.resolve(inner.defs)
		for _, d := range res.all() {
			if v := e.ev.Force(d.Value); v != eval.Value(eval.Null{}) {
				*e.free = TypeOf(e.ev, v)
				break
			}
		}
	}
	return *e.free
}

// optionSet is what modules get as `options`.
func (g *group) optionSet() eval.Value {
	out := &eval.Attrs{}
	for i, name := range g.names {
		c := g.declaredChild(i)
		out.Entries = append(out.Entries, eval.Attr{Name: name, At: c.at(), Value: eval.Later(func(*eval.Evaluator) eval.Value {
			if c.option != nil {
				return c.option.set()
			}
			return c.optionSet()
		})})
	}
	if g.isRoot() {
		inner := &eval.Attrs{}
		for _, name := range []string{"args", "check", "freeformType", "specialArgs"} {
			unknown := eval.NewUnknown("these options are not modelled", "options", "_module", name)
			inner.Entries = append(inner.Entries, eval.Attr{Name: name, Value: eval.Done(unknown)})
		}
		if more, ok := g.child("_module").optionSet().(*eval.Attrs); ok {
			inner = eval.Update(inner, &eval.Attrs{Entries: more.Entries})
		}
		out = eval.Update(out, eval.NewAttrs(map[string]eval.Value{"_module": inner}))
	}
	if g.open() {
		out.Rest = eval.NewUnknown("it may be declared by a module that is not at hand", append([]string{"options"}, g.path()...)...)
	}
	return out
}

// find returns the place of a path, as deep as there are groups; rest is what is
// left of the path below an option.
func (e *Evaluation) find(path []string) (g *group, rest []string) {
	g = e.root
	known := 0 // of the path, by the way to what was found last
	for known < len(path) && known < len(e.way) && g.option == nil && e.way[known].name() == path[known] {
		g = e.way[known]
		known++
	}
	if known == len(path) || g.option != nil {
		return g, path[known:]
	}
	var room [8]*group
	way := append(room[:0], e.way[:known]...)
	for _, name := range path[known:] {
		if g.option != nil {
			break
		}
		g = g.child(name) // which may find others
		way = append(way, g)
	}
	e.way = append(e.way[:0], way...)
	if len(way) == len(path) {
		return g, nil
	}
	return g, path[len(way):]
}
