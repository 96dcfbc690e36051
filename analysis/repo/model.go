package repo

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
)

// Model is what the evaluation of a repository's flake tells about it. It is
// used by one goroutine at a time.
type Model struct {
	Repo  *Repo
	Hosts []*Host // sorted by name
	// Others are the systems of nix-darwin and the homes that are no host's, in
	// this order, sorted by name. System is the evaluation of their modules.
	Others []*Host

	ev           *eval.Evaluator
	seen         recorder                           // the source, and what evaluation has looked at
	result       eval.Value                         // what calling the flake's outputs gives, or why it cannot be called
	self         *eval.Attrs                        // the flake's outputs; nil if there are none
	inputs       *inputs                            // of the flake
	flakeModules *module.Evaluation                 // what flake-parts gets; nil if it is not used
	stubModules  *eval.List                         // see stubs; nil until asked for
	library      *eval.Attrs                        // nixpkgs' lib; nil until asked for
	systems      map[*eval.Attrs]*module.Evaluation // by what nixosSystem returned
	homeLibs     map[*eval.Attrs]*eval.Attrs        // what withHome made of each lib
	registries   map[*eval.Attrs]*Registry          // by their set; nil until asked for
	paths        []DefinedPath                      // paths in definitions
	pathsKnown   bool                               // paths have been looked for
	problems     []Problem                          // of all hosts; nil until asked for
	failures     []Failure                          // found along with them
	broken       []Broken
}

// Host is one machine that the flake builds.
type Host struct {
	Name string     // its attribute in nixosConfigurations
	At   eval.Place // that attribute
	// System is the evaluation of its NixOS modules, with the arguments they
	// get.
	System *Evaluation
	// Homes are the home-manager evaluations inside it, sorted by user.
	Homes []*Evaluation
}

// Evaluation is one evaluation of modules.
type Evaluation struct {
	User string      // the home-manager user; empty for NixOS
	At   eval.Place  // where its modules are listed
	Args *eval.Attrs // what specialArgs or extraSpecialArgs hold
	*Closure
	// Config is the evaluation itself: its options and their values.
	Config *module.Evaluation
}

// Model evaluates the repository's flake, or the files named configuration.nix
// of one without flake.nix. A repository whose hosts cannot be found has a model
// without hosts.
func (r *Repo) Model() *Model {
	seen := newRecorder(r)
	m := &Model{Repo: r, ev: eval.New(seen, eval.DefaultLimits), seen: seen, systems: make(map[*eval.Attrs]*module.Evaluation)}
	m.ev.Keep(r.code)
	if !r.options.Apart {
		m.ev.ShareCalls()
	}
	m.inputs = m.newInputs()
	m.ev.AssumeUnknown(m.inputs.fileNotAtHand)
	outputs := m.outputs()
	if outputs == nil {
		m.Hosts = m.plainHosts()
		return m
	}
	m.Hosts = m.hosts(outputs, "nixosConfigurations")
	m.Others = append(m.hosts(outputs, "darwinConfigurations"), m.hosts(outputs, "homeConfigurations")...)
	return m
}

// hosts finds the systems in an output of the flake.
func (m *Model) hosts(outputs *eval.Attrs, name string) []*Host {
	v := m.ev.Select(outputs, name, eval.Place{})
	if err, failed := v.(*eval.Error); failed && outputs.Get(name) != nil {
		m.broken = append(m.broken, Broken{"`" + name + "`", err})
	}
	certain, _ := v.(*eval.Attrs)
	var out []*Host
	seen := make(map[string]bool)
	for _, a := range m.possible(v) {
		if seen[a.Name] {
			continue
		}
		seen[a.Name] = true
		built := m.ev.Force(a.Value)
		if err, failed := built.(*eval.Error); failed && certain != nil && certain.Get(a.Name) != nil {
			m.broken = append(m.broken, Broken{"`" + name + "." + a.Name + "`", err})
		}
		if h := m.host(a.Name, a.At, built); h != nil {
			out = append(out, h)
		}
	}
	return out
}

// Broken is an output of the flake that comes to an error.
type Broken struct {
	What  string // the output, as one writes about it
	Error *eval.Error
}

// Broken returns the outputs that come to an error, of those that hold systems
// and homes.
func (m *Model) Broken() []Broken { return m.broken }

// Outputs returns what the flake's outputs are: a set, or an unknown or error
// that says why there is none. It is to be evaluated further by Evaluator.
func (m *Model) Outputs() eval.Value { return m.result }

// Evaluator returns the evaluator of the model's values.
func (m *Model) Evaluator() *eval.Evaluator { return m.ev }

// Evaluations returns all evaluations of modules, host by host.
func (m *Model) Evaluations() []*Evaluation {
	var out []*Evaluation
	for _, h := range slices.Concat(m.Hosts, m.Others) {
		out = append(out, h.System)
		out = append(out, h.Homes...)
	}
	return out
}

// Rel returns the path of an evaluated file relative to the root.
func (m *Model) Rel(f *eval.File) string {
	rel, _ := m.Repo.rel(f.Path)
	return rel
}

// Own reports whether a file, given by its absolute path, is the repository's.
func (m *Model) Own(file string) bool {
	_, ok := m.Repo.rel(file)
	return ok
}

// Name names a file, given by its absolute path: relative to the root or, if
// an input of the flake has it, as `<home-manager/flake.nix>`.
func (m *Model) Name(file string) string {
	if rel, ok := m.Repo.rel(file); ok {
		return rel
	}
	if name, dir := m.inputs.holding(file); name != "" {
		return "<" + name + strings.TrimPrefix(file, dir) + ">"
	}
	return file
}

// Imported returns the files that evaluation has imported, relative to the
// root.
func (m *Model) Imported() map[string]bool {
	out := make(map[string]bool)
	for p := range m.ev.Files() {
		if rel, ok := m.Repo.rel(p); ok {
			out[rel] = true
		}
	}
	return out
}

// outputs evaluates the flake's outputs, or returns nil.
func (m *Model) outputs() *eval.Attrs {
	if m.Repo.File("flake.nix") == nil {
		m.result = eval.NewUnknown("the repository has no flake.nix")
		return nil
	}
	root := cleanSlash(m.Repo.Root)
	m.result = m.ev.Import(path.Join(root, "flake.nix"), eval.Place{})
	flake, ok := m.result.(*eval.Attrs)
	if !ok {
		return nil
	}
	fn := flake.Get("outputs")
	if fn == nil {
		m.result = m.ev.Select(flake, "outputs", eval.Place{})
		return nil
	}
	m.result = m.inputs.callRoot(flake)
	if err, failed := m.result.(*eval.Error); failed {
		m.broken = append(m.broken, Broken{"the flake", err})
	}
	m.self, _ = m.result.(*eval.Attrs)
	return m.self
}

func cleanSlash(p string) string { return path.Clean(strings.ReplaceAll(p, "\\", "/")) }
