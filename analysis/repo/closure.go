package repo

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

// Closure is everything one evaluation of modules reaches by imports.
type Closure struct {
	Modules []*Module
	Imports []*Import
	// Functions are the functions among the modules, those included of which
	// the body is not known.
	Functions []*Function
	// Unsure is set if it imports modules that could not be known and that
	// may be files of the repository.
	Unsure bool
	// unsureArguments is set if they may also provide arguments to modules.
	// What depends on an argument that is not special does not: imports cannot
	// depend on `_module.args`, so the argument must be missing.
	unsureArguments bool
}

// Module is one module: a file's, or a set or function in a list of modules.
type Module struct {
	// File is relative to the root; for inline modules it is the one they stand
	// in. It is empty for modules of inputs and those made by functions.
	File  string
	Attrs *eval.Attrs
	// Certain is unset for modules that are imported only perhaps.
	Certain bool
}

// Function is a module that asks for arguments.
type Function struct {
	Lambda  *eval.Lambda
	Certain bool // as in Module
}

// Import is one element of an `imports` list or of a builder's `modules`.
type Import struct {
	At    eval.Place // the element; invalid if it was made by a function
	Value eval.Value
	// Path is what a path or string points to: relative to the root if it is
	// in the repository, else absolute. It is empty for other elements.
	Path string
	// Target is the Nix file that was read for Path, relative to the root; it
	// is empty if there is none.
	Target string
	// Outside is set for paths that are not in the repository.
	Outside bool
	// Followed is set if what is outside could be read and is part of the
	// closure.
	Followed bool
	Certain  bool
}

// collector gathers a closure.
type collector struct {
	model *Model
	args  *eval.Attrs
	out   *Closure
	seen  map[string]bool // files, by their path
	depth int             // of imports inside each other
}

// Bounds on imports inside each other and on all imports of one evaluation: a
// function can make endless modules.
const (
	maxImportDepth = 500
	maxImports     = 20_000
)

// collect follows the imports of modules that get the given arguments.
func (m *Model) collect(modules eval.Value, at eval.Place, args *eval.Attrs) *Closure {
	c := &collector{model: m, args: args, out: &Closure{}, seen: make(map[string]bool)}
	c.list(modules, at, true)
	return c.out
}

// list follows a list of modules.
func (c *collector) list(v eval.Value, at eval.Place, certain bool) {
	switch v := v.(type) {
	case *eval.List:
		for _, t := range v.Elems {
			c.element(t, at, certain)
		}
		if v.More != nil {
			c.list(v.More, at, false)
		}
	case *eval.Unknown:
		if len(v.Maybe) == 0 && !external(v) {
			c.doubt(v)
		}
		for _, t := range v.Maybe {
			c.list(c.model.ev.Force(t), at, false)
		}
	case *eval.Error:
		c.out.Imports = append(c.out.Imports, &Import{At: v.At, Value: v, Certain: certain})
	}
}

func (c *collector) element(t *eval.Thunk, around eval.Place, certain bool) {
	if c.depth++; c.depth > maxImportDepth || len(c.out.Imports) > maxImports {
		c.doubt(nil)
		c.depth--
		return
	}
	defer func() { c.depth-- }()
	at := t.At()
	if !at.IsValid() {
		at = around
	}
	v := c.model.ev.Force(t)
	imp := &Import{At: at, Value: v, Certain: certain}
	c.out.Imports = append(c.out.Imports, imp)
	switch v := v.(type) {
	case *eval.Error:
		// What it would have been is not known, but it is no file that nothing
		// else names.
	case eval.Path:
		c.file(imp, string(v))
	case eval.String:
		if !strings.HasPrefix(string(v), "/") {
			return
		}
		c.file(imp, string(v))
	case *eval.Text:
		// A path under something unknown, as in `modulesPath + "/x.nix"`, is
		// not ours; one of ours with an unknown name could be any file.
		if v.Segments[0].Unknown == nil || !external(v.Segments[0].Unknown) {
			c.doubt(v.Segments[0].Unknown)
		}
	case *eval.Unknown:
		for _, m := range v.Maybe {
			c.element(m, at, false)
		}
		if len(v.Maybe) == 0 && !external(v) {
			c.doubt(v)
		}
	default:
		c.module(v, at, certain)
	}
}

// doubt notes that some modules are not known, because of an unknown if there
// is one.
func (c *collector) doubt(u *eval.Unknown) {
	c.out.Unsure = true
	for u != nil && u.Func != nil {
		u = u.Func
	}
	if u != nil {
		u = u.Cause()
	}
	if u == nil || len(u.Path) == 0 || u.Path[0] != "args" {
		c.out.unsureArguments = true
	}
}

// external reports whether an unknown is something from outside of the
// repository: an attribute of an input, of pkgs and the like, or what a
// function from there returns.
func external(u *eval.Unknown) bool {
	if u.Func != nil {
		return external(u.Func)
	}
	return len(u.Path) > 0 && u.Path[0] != "config" && u.Path[0] != "args"
}

// file follows an element that is the path of a module.
func (c *collector) file(imp *Import, p string) {
	p = cleanSlash(p)
	rel, ok := c.model.Repo.rel(p)
	if !ok {
		imp.Path, imp.Outside = p, true
		c.outside(imp)
		return
	}
	imp.Path = rel
	imp.Target = c.model.Repo.ModuleFile(rel)
	if imp.Target == "" || c.seen[imp.Target] {
		return
	}
	c.seen[imp.Target] = true
	v := c.model.ev.Import(p, imp.At)
	if u, ok := v.(*eval.Unknown); ok && !external(u) {
		c.doubt(u) // it cannot be read
		return
	}
	c.moduleOf(v, imp.Target, imp.At, imp.Certain)
}

// outside follows an element that is the path of a module of an input.
func (c *collector) outside(imp *Import) {
	target := c.model.ev.Resolve(imp.Path)
	if target == "" || !c.model.seen.Allowed(target) {
		return
	}
	imp.Followed = true
	if c.seen[target] {
		return
	}
	c.seen[target] = true
	c.moduleOf(c.model.ev.Import(target, imp.At), "", imp.At, imp.Certain)
}

func (c *collector) module(v eval.Value, at eval.Place, certain bool) {
	file := ""
	if at.IsValid() {
		file, _ = c.model.Repo.rel(at.File.Path)
	}
	c.moduleOf(v, file, at, certain)
}

// moduleOf follows the imports of a module given as a set or function.
func (c *collector) moduleOf(v eval.Value, file string, at eval.Place, certain bool) {
	if fn, ok := v.(*eval.Attrs); ok && fn.Get("__functor") == nil {
		c.body(fn, file, at, certain)
		return
	}
	switch v := v.(type) {
	case *eval.Lambda, *eval.Native, *eval.Attrs:
		if l, ok := v.(*eval.Lambda); ok {
			c.out.Functions = append(c.out.Functions, &Function{l, certain})
		}
		switch body := c.model.ev.Call(v, eval.Done(c.args), at).(type) {
		case *eval.Attrs:
			c.body(body, file, at, certain)
		case *eval.Unknown:
			if !external(body) {
				c.doubt(body)
			}
		case *eval.Error:
			c.out.Imports = append(c.out.Imports, &Import{At: body.At, Value: body, Certain: certain})
			c.doubt(nil)
		}
	case *eval.Error:
		c.out.Imports = append(c.out.Imports, &Import{At: v.At, Value: v, Certain: certain})
		c.doubt(nil)
	case eval.Path, eval.String:
		c.element(eval.Done(v), at, certain)
	}
}

func (c *collector) body(set *eval.Attrs, file string, at eval.Place, certain bool) {
	c.out.Modules = append(c.out.Modules, &Module{File: file, Attrs: set, Certain: certain})
	if imports := set.Get("imports"); imports != nil {
		where := imports.At
		if !where.IsValid() {
			where = at
		}
		c.list(c.model.ev.Force(imports.Value), where, certain)
	} else if set.Rest != nil {
		c.doubt(set.Rest)
	}
}

// Definitions returns what the modules of a closure define at a path of the
// configuration, conditions and priorities taken off. sure is false if there
// may be definitions that could not be known.
func (m *Model) Definitions(c *Closure, path ...string) (defs []Definition, sure bool) {
	sure = !c.Unsure
	for _, mod := range c.Modules {
		config := mod.Attrs
		if cfg := mod.Attrs.Get("config"); cfg != nil {
			m.definitions(m.ev.Force(cfg.Value), Definition{Module: mod, Certain: mod.Certain}, path, &defs)
			continue
		}
		if mod.Attrs.Get("options") != nil {
			continue
		}
		m.definitions(config, Definition{Module: mod, Certain: mod.Certain}, path, &defs)
	}
	return defs, sure
}

// Definition is a value that a module gives to an option.
type Definition struct {
	Module  *Module
	Value   eval.Value
	At      eval.Place // the attribute that defines it
	Certain bool       // unset under a condition that is not known
}

func (m *Model) definitions(v eval.Value, d Definition, path []string, out *[]Definition) {
	switch v := v.(type) {
	case *eval.Attrs:
		switch m.propertyType(v) {
		case "if":
			cond := m.ev.Select(v, "condition", d.At)
			if cond == eval.Value(eval.Bool(false)) {
				return
			}
			if cond != eval.Value(eval.Bool(true)) {
				d.Certain = false
			}
			m.definitions(m.ev.Select(v, "content", d.At), d, path, out)
			return
		case "override", "order":
			m.definitions(m.ev.Select(v, "content", d.At), d, path, out)
			return
		case "merge":
			if l, ok := m.ev.Select(v, "contents", d.At).(*eval.List); ok {
				for _, e := range l.Elems {
					m.definitions(m.ev.Force(e), d, path, out)
				}
			}
			return
		}
		if len(path) > 0 {
			a := v.Get(path[0])
			if a == nil {
				return
			}
			d.At = a.At
			m.definitions(m.ev.Force(a.Value), d, path[1:], out)
			return
		}
	case *eval.Unknown:
		for _, t := range v.Maybe {
			d.Certain = false
			m.definitions(m.ev.Force(t), d, path, out)
		}
		if len(v.Maybe) > 0 {
			return
		}
	}
	if len(path) == 0 {
		d.Value = v
		*out = append(*out, d)
	}
}

func (m *Model) propertyType(a *eval.Attrs) string {
	if t := a.Get("_type"); t != nil {
		if s, ok := m.ev.Force(t.Value).(eval.String); ok {
			return string(s)
		}
	}
	return ""
}

// Files returns the files of the repository that a closure's modules stand in,
// sorted.
func (c *Closure) Files() []string {
	var out []string
	for _, mod := range c.Modules {
		if mod.File != "" {
			out = append(out, mod.File)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
