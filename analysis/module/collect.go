package module

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

// Module is one module of an evaluation: what a file, set or function in a list
// of modules says.
type Module struct {
	// File is the absolute path of the file it stands in, or "" if native.
	File string
	// Name is what nixpkgs calls it: its `_file`, its path, or the name of the
	// module that imports it.
	Name string
	// Key tells modules apart: of two with the same key one is left out.
	Key   string
	At    eval.Place // where it is imported
	Attrs *eval.Attrs
	// Certain is unset for modules that are imported only perhaps.
	Certain bool
	// Disabled is set if disabledModules of another module names it.
	Disabled bool
	// DependsOnConfig is set if its imports need the configuration, which ends
	// in an infinite recursion.
	DependsOnConfig bool
	Imports         []*Import

	options  *eval.Thunk // nil if it declares none
	config   *eval.Thunk // nil if it defines nothing
	freeform *eval.Thunk // of freeformType beside its config, or nil
	meta     *eval.Thunk // of meta beside its config or options, or nil
	weak     bool        // it is a stub: its options yield to those of others
}

// Import is one element of an `imports` list, or of a list of modules.
type Import struct {
	At    eval.Place // the element; invalid if a function made it
	Value eval.Value
	// Path is what a path or string points to, cleaned; "" for other elements.
	Path string
	// Target is the Nix file that was read for it; "" if there is none.
	Target  string
	Certain bool
	Module  *Module // what it led to; nil if that is not known
	// Function is the module if it asks for arguments.
	Function *eval.Lambda
	// Failed is the error that making a module of it met.
	Failed *eval.Error
	// Again is set if Module had been imported before.
	Again bool
}

// Bounds on imports inside each other and on all imports of one evaluation: a
// function can make endless modules.
const (
	maxImportDepth = 500
	maxImports     = 20_000
)

// collector gathers the modules of an evaluation.
type collector struct {
	e     *Evaluation
	ev    *eval.Evaluator
	byKey map[string]*Module
	top   []*Import
	depth int
	count int
}

// collect follows the imports of a list of modules. The order is that of
// nixpkgs: breadth first, which is how genericClosure visits them.
func (e *Evaluation) collect(modules []source) {
	c := &collector{e: e, ev: e.ev, byKey: make(map[string]*Module)}
	for n, s := range modules {
		before := len(c.top)
		name := s.name
		if name == "" {
			name = unknownModule
		}
		c.list(eval.Done(s.modules), s.at, s.file, anonymous{name, fmt.Sprintf("source-%d", n), 0}, s.certain, &c.top)
		if s.weak {
			for _, i := range c.top[before:] {
				if i.Module != nil {
					i.Module.weak = true
				}
			}
		}
	}
	e.Imports = c.top
	disabled := c.disabled()
	seen := make(map[*Module]bool)
	queue := slices.Clone(c.top)
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		m := i.Module
		if m == nil || seen[m] {
			continue
		}
		seen[m] = true
		if disabled[m.Key] {
			m.Disabled = true
			continue
		}
		e.Modules = append(e.Modules, m)
		queue = append(queue, m.Imports...)
	}
}

// source is a list of modules to begin with.
type source struct {
	modules *eval.List
	at      eval.Place
	file    string // that modules without one stand in
	name    string // of the module that imports them, or ""
	certain bool
	weak    bool
}

// unknownModule is what nixpkgs calls a module that nothing names.
const unknownModule = "<unknown-file>"

// anonymous is a module that no path and nothing else names: the n-th of a list in
// another one, whose name it goes by.
type anonymous struct {
	name string
	list string
	n    int
}

func (k anonymous) String() string { return fmt.Sprintf("%s:anon-%d", k.list, k.n) }

// list follows a list of modules.
func (c *collector) list(t *eval.Thunk, at eval.Place, file string, key anonymous, certain bool, out *[]*Import) {
	switch v := c.ev.Force(t).(type) {
	case *eval.List:
		*out = slices.Grow(*out, len(v.Elems))
		for n, e := range v.Elems {
			key.n = n + 1
			c.element(e, at, file, key, certain, out)
		}
		if v.More != nil {
			c.list(eval.Done(v.More), at, file, key, false, out)
		}
	case *eval.Unknown:
		if len(v.Maybe) == 0 {
			c.unknown(v)
		}
		for _, m := range v.Maybe {
			c.list(m, at, file, key, false, out)
		}
	case *eval.Error:
		c.failed(v)
		*out = append(*out, &Import{At: v.At, Value: v, Certain: certain})
	default:
		bad := &eval.Error{Kind: eval.ErrorType, Message: "expected a list of modules but found " + eval.TypeName(v), At: at}
		c.failed(bad)
		*out = append(*out, &Import{At: at, Value: bad, Certain: certain})
	}
}

// failed remembers that modules are missing, and nobody knows which.
func (c *collector) failed(err *eval.Error) {
	c.e.refuse(err)
	c.e.Broken, c.e.Unsure = true, true
	c.e.Doubts = append(c.e.Doubts, eval.NewUnknown(err.Message))
}

// unknown remembers that there may be further modules.
func (c *collector) unknown(u *eval.Unknown) {
	if External(u) {
		c.e.Unknown = append(c.e.Unknown, u)
		return
	}
	c.e.Unsure = true
	c.e.Doubts = append(c.e.Doubts, u)
}

// External reports whether an unknown is something from outside of the
// repository: an attribute of an input, of pkgs and the like, or what a
// function from there returns.
func External(u *eval.Unknown) bool {
	if u.Func != nil {
		return External(u.Func)
	}
	return len(u.Path) > 0 && u.Path[0] != "config" && u.Path[0] != "args"
}

func (c *collector) element(t *eval.Thunk, around eval.Place, file string, key anonymous, certain bool, out *[]*Import) {
	c.depth++
	c.count++
	defer func() { c.depth-- }()
	if c.depth > maxImportDepth || c.count > maxImports {
		c.unknown(eval.NewUnknown("there are too many imports"))
		return
	}
	at := t.At()
	if !at.IsValid() {
		at = around
	}
	v := c.ev.Force(t)
	imp := c.e.slabs().imports.one()
	imp.At, imp.Value, imp.Certain = at, v, certain
	*out = append(*out, imp)
	switch v := v.(type) {
	case *eval.Error:
		// What it would have been is not known, but it is no file that nothing
		// else names.
		c.e.refuse(v)
		c.e.Broken = true
	case eval.Path:
		c.path(imp, string(v))
	case eval.String:
		if strings.HasPrefix(string(v), "/") {
			c.path(imp, string(v))
			return
		}
		c.e.Broken = true
		c.e.problem(Problem{
			Kind: BadModule, At: at, Certain: certain,
			Message: "a module is named by an absolute path: the string `" + string(v) + "` is none",
		})
	case *eval.Text:
		if known := c.ofNixpkgs(v); known != nil {
			c.moduleOf(imp, known, "", unknownModule, v.Segments[1].Known)
			return
		}
		// A path under something unknown, as in `modulesPath + "/x.nix"`, is
		// not ours; one of ours with an unknown name could be any file.
		if first := v.Segments[0].Unknown; first != nil {
			c.unknown(first)
		} else {
			c.unknown(eval.NewUnknown("the path is not wholly known"))
		}
	case *eval.Unknown:
		for _, m := range v.Maybe {
			if _, several := c.ev.Force(m).(*eval.List); several {
				c.list(m, at, file, key, false, out) // the unknown stands for any elements
				continue
			}
			c.element(m, at, file, key, false, out)
		}
		if len(v.Maybe) == 0 {
			c.unknown(v)
		}
	case *eval.Attrs:
		if p := c.outPath(v); p != "" {
			c.path(imp, p)
			return
		}
		c.moduleOf(imp, v, c.fileOf(at, file), key.name, key.String())
	default:
		c.moduleOf(imp, v, c.fileOf(at, file), key.name, key.String())
	}
}

// outPath returns the path that a set in a list of modules stands for: a flake
// is imported by its default.nix.
func (c *collector) outPath(a *eval.Attrs) string {
	if a.Get("outPath") == nil || a.Get("_type") == nil {
		return ""
	}
	if s, ok := c.ev.Select(a, "outPath", eval.Place{}).(eval.String); ok {
		return string(s)
	}
	return ""
}

func (c *collector) fileOf(at eval.Place, otherwise string) string {
	if at.IsValid() {
		return at.File.Path
	}
	return otherwise
}

// path follows an element that is the path of a module.
func (c *collector) path(imp *Import, p string) {
	p = path.Clean(p)
	imp.Path = p
	if m := c.byKey[p]; m != nil {
		imp.Module, imp.Target, imp.Again = m, m.File, true
		m.Certain = m.Certain || imp.Certain
		return
	}
	imp.Target = c.ev.Resolve(p)
	v := c.ev.Import(p, imp.At)
	switch v := v.(type) {
	case *eval.Unknown:
		if imp.Target == "" {
			c.e.Unknown = append(c.e.Unknown, v) // it lies outside
		} else {
			c.unknown(v)
		}
		return
	case *eval.Error:
		if imp.Target == "" {
			c.e.refuse(v)
			c.e.Broken = true
			return
		}
	}
	c.moduleOf(imp, v, imp.Target, p, p)
}

// moduleOf makes a module of a set or function and follows its imports.
func (c *collector) moduleOf(imp *Import, v eval.Value, file, name, key string) {
	body := v
	switch fn := v.(type) {
	case *eval.Lambda:
		imp.Function = fn
		if imp.Path == "" {
			file = fn.At().File.Path // that of `import ./x.nix` is x.nix
		}
		body = c.ev.Call(fn, c.e.argsFor(fn), imp.At)
	case *eval.Native:
		body = c.ev.Call(fn, eval.Done(c.e.args), imp.At)
	case *eval.Attrs:
		if fn.Get("__functor") != nil {
			body = c.ev.Call(fn, eval.Done(c.e.args), imp.At)
		}
	}
	switch b := body.(type) {
	case *eval.Attrs:
		c.body(imp, b, file, name, key, isAttrs(v) && imp.Path == "")
	case *eval.Unknown:
		c.unknown(b)
	case *eval.Error:
		imp.Failed = b
		c.failed(b)
		c.e.problem(Problem{Kind: BadModule, At: b.At, Message: b.Message, Certain: imp.Certain, Error: b})
	default:
		if !imp.Certain {
			return // the condition that is not known may well rule it out
		}
		bad := &eval.Error{Kind: eval.ErrorType, Message: "a module has to be a set, a function or a path, not " + eval.TypeName(body), At: imp.At}
		imp.Failed = bad
		c.e.problem(Problem{Kind: BadModule, At: imp.At, Message: bad.Message, Certain: imp.Certain, Error: bad})
	}
}

// The attributes of a module that has `config` or `options`.
var moduleAttrs = []string{"_class", "_file", "config", "disabledModules", "freeformType", "imports", "key", "meta", "options"}

// body reads a module's set. One that stands in a list itself says by its _type
// that it is a module; what a function or a file gives is taken as it is.
func (c *collector) body(imp *Import, a *eval.Attrs, file, name, key string, direct bool) {
	switch kind := propertyOf(c.ev, a); kind {
	case "if", "override":
		a = &eval.Attrs{Entries: []eval.Attr{{Name: "config", Value: eval.Done(a), At: imp.At}}}
	case "", "module":
	default:
		if !direct {
			a = &eval.Attrs{Entries: []eval.Attr{{Name: "config", Value: eval.Done(a), At: imp.At}}}
			break
		}
		c.e.problem(Problem{
			Kind: BadModule, At: imp.At, Certain: imp.Certain,
			Message: "this is no module: its `_type` is `" + kind + "`",
		})
		return
	}
	m := c.e.slabs().modules.one()
	m.File, m.Name, m.Key, m.At, m.Attrs, m.Certain = file, name, key, imp.At, a, imp.Certain
	if k := c.text(a, "key"); k != "" {
		m.Key = k
		if old := c.byKey[k]; old != nil {
			imp.Module, imp.Again = old, true
			return
		}
	}
	c.byKey[m.Key] = m
	imp.Module = m
	if class := c.text(a, "_class"); c.e.Input.Strict && class != "" && c.e.Input.Class != "" && class != c.e.Input.Class {
		c.e.refuse(&eval.Error{
			Kind: eval.ErrorRefused, At: imp.At,
			Message: "a module of the class `" + class + "` cannot be imported where modules of the class `" + c.e.Input.Class + "` are wanted",
		})
	}
	if f := c.text(a, "_file"); f != "" {
		m.Name = f
		if m.File == "" && strings.HasPrefix(f, "/") {
			m.File = f
		}
	}
	if t := a.Get("freeformType"); t != nil {
		m.freeform = t.Value
	}
	declared, defined := a.Get("options"), a.Get("config")
	switch {
	case declared != nil || defined != nil:
		if declared != nil {
			m.options = declared.Value
		}
		if defined != nil {
			m.config = defined.Value
		}
		if t := a.Get("meta"); t != nil {
			m.meta = t.Value
		}
		c.e.misplaced(m)
	default:
		m.config = eval.Done(a.Without("_class", "_file", "disabledModules", "freeformType", "imports", "key", "require"))
	}
	for _, name := range []string{"require", "imports"} {
		if imports := a.Get(name); imports != nil && (name == "imports" || declared == nil && defined == nil) {
			where := imports.At
			if !where.IsValid() {
				where = imp.At
			}
			before := c.e.early
			c.e.early = false
			c.list(imports.Value, where, m.File, anonymous{m.Name, m.Key, 0}, m.Certain, &m.Imports)
			m.DependsOnConfig = c.e.early
			c.e.early = before
			if m.DependsOnConfig {
				c.e.refuse(&eval.Error{Kind: eval.ErrorRecursion, Message: "`imports` depends on the configuration", At: where})
			}
		} else if name == "imports" && imports == nil && a.Rest != nil {
			c.unknown(a.Rest)
		}
	}
}

// misplaced reports attributes that nixpkgs refuses beside `config`.
func (e *Evaluation) misplaced(m *Module) {
	for _, a := range m.Attrs.Entries {
		if _, ok := slices.BinarySearch(moduleAttrs, a.Name); ok {
			continue
		}
		e.problem(Problem{
			Kind: BadModule, At: a.At, Path: []string{a.Name}, Certain: m.Certain, Module: m,
			Message: "`" + a.Name + "` stands beside `config` or `options`: move it into `config`",
		})
	}
}

func (c *collector) text(a *eval.Attrs, name string) string {
	x := a.Get(name)
	if x == nil {
		return ""
	}
	switch v := c.ev.ToString(c.ev.Force(x.Value), x.At).(type) {
	case eval.String:
		return string(v)
	}
	return ""
}

// disabled returns the keys that disabledModules names.
func (c *collector) disabled() map[string]bool {
	out := make(map[string]bool)
	for _, m := range c.byKey {
		a := m.Attrs.Get("disabledModules")
		if a == nil {
			continue
		}
		list, ok := c.ev.Force(a.Value).(*eval.List)
		if !ok {
			continue
		}
		for _, t := range list.Elems {
			switch v := c.ev.Force(t).(type) {
			case eval.Path:
				out[string(v)] = true
			case eval.String:
				if strings.HasPrefix(string(v), "/") {
					out[string(v)] = true
				} else if base, ok := c.ev.ToString(c.ev.Select(c.e.args, "modulesPath", eval.Place{}), eval.Place{}).(eval.String); ok {
					out[string(base)+"/"+string(v)] = true
				}
			case *eval.Attrs:
				switch k := c.text(v, "key"); {
				case k != "":
					out[k] = true
				case v.Get("key") == nil && v.Get("outPath") == nil && v.Get("__toString") == nil && v.Rest == nil:
					c.e.refuse(eval.Errorf(t.At(), "a set among disabledModules has to have a `key`"))
				}
			}
		}
	}
	return out
}

// IsStub reports whether the module only stands for modules not at hand.
func (m *Module) IsStub() bool { return m.weak }
