package repo

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
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
	modules         map[*module.Module]*Module // those of the evaluation
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

// closureOf lists what an evaluation reaches, stubs and what they stand for left
// out.
func (m *Model) closureOf(e *module.Evaluation) *Closure {
	n := len(e.Modules) // mostly, of imports and functions too
	c := &Closure{Unsure: e.Unsure, modules: make(map[*module.Module]*Module, n), Imports: make([]*Import, 0, n), Functions: make([]*Function, 0, n)}
	for _, mod := range e.Modules {
		if !mod.IsStub() {
			c.modules[mod] = &Module{File: m.RelFile(mod.File), Attrs: mod.Attrs, Certain: mod.Certain}
			c.Modules = append(c.Modules, c.modules[mod])
		}
	}
	seen := make(map[*module.Module]bool, n)
	var walk func(imports []*module.Import)
	walk = func(imports []*module.Import) {
		for _, i := range imports {
			if u, ok := i.Value.(*eval.Unknown); ok && (u == homeManager || u == module.Shared) || i.Module != nil && i.Module.IsStub() {
				continue
			}
			imp := &Import{At: i.At, Value: i.Value, Path: i.Path, Certain: i.Certain}
			if rel, ok := m.Repo.rel(i.Path); i.Path != "" && ok {
				imp.Path, imp.Target = rel, m.RelFile(i.Target)
			} else if i.Path != "" {
				imp.Outside, imp.Followed = true, i.Module != nil
			}
			c.Imports = append(c.Imports, imp)
			if i.Failed != nil {
				c.Imports = append(c.Imports, &Import{At: i.Failed.At, Value: i.Failed, Certain: i.Certain})
			}
			if i.Function != nil {
				c.Functions = append(c.Functions, &Function{i.Function, i.Certain})
			}
			if i.Module != nil && !seen[i.Module] {
				seen[i.Module] = true
				walk(i.Module.Imports)
			}
		}
	}
	walk(e.Imports)
	for _, u := range e.Doubts {
		for u.Func != nil {
			u = u.Func
		}
		if u = u.Cause(); len(u.Path) == 0 || u.Path[0] != "args" {
			c.unsureArguments = true
		}
	}
	return c
}

// RelFile is the path of a file relative to the root, or "" outside of it.
func (m *Model) RelFile(p string) string {
	rel, _ := m.Repo.rel(p)
	return rel
}

// Definitions returns what the modules of an evaluation define at a path of the
// configuration, conditions and priorities taken off. sure is false if there
// may be definitions that could not be known.
func (m *Model) Definitions(e *Evaluation, path ...string) (defs []Definition, sure bool) {
	m = e.model
	for _, d := range e.Config.Definitions(path...) {
		mod := e.modules[d.Module]
		if d.Default || mod == nil {
			continue
		}
		defs = append(defs, Definition{mod, m.ev.Force(d.Value), d.At, d.Certain})
	}
	return defs, !e.Unsure
}

// Definition is a value that a module gives to an option.
type Definition struct {
	Module  *Module
	Value   eval.Value
	At      eval.Place // the attribute that defines it
	Certain bool       // unset under a condition that is not known
}

// Written returns the places at which modules of an evaluation define something at a path,
// also under conditions that do not hold. The values are left out.
func (m *Model) Written(e *Evaluation, path ...string) (defs []Definition) {
	for _, p := range e.Config.Written(path...) {
		if mod := e.modules[p.Module]; mod != nil {
			defs = append(defs, Definition{Module: mod, At: p.At, Certain: mod.Certain})
		}
	}
	return defs
}

func (m *Model) propertyType(a *eval.Attrs) string {
	if t := a.Get("_type"); t != nil {
		if s, ok := m.ev.Force(t.Value).(eval.String); ok {
			return string(s)
		}
	}
	return ""
}

// Has reports whether one of a closure's modules stands in a file of the repository.
func (c *Closure) Has(file string) bool {
	return file != "" && slices.ContainsFunc(c.Modules, func(m *Module) bool { return m.File == file })
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
