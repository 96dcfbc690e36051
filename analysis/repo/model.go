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

	// parts evaluate the hosts, each on its own, so that an edit concerns only those
	// that have looked at what it changes. Without parts the model does it itself.
	parts    []*part
	tangled  bool // hosts look at each other, so that they are evaluated together
	repeated int  // how many steps each part repeats
	grouped  bool // nobody follows the parts, which may have several hosts each
	pending  bool // no host has been evaluated yet, and nobody follows the model
	moves    int  // see Moves

	ev           *eval.Evaluator
	seen         *recorder                          // the source, and what evaluation has looked at
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
	broken       []Broken                           // the flake and whole outputs
	brokenHosts  []Broken                           // single hosts
	inner        []Inner                            // see Inner; nil until asked for
	imported     map[string]bool                    // see Imported
	files        int                                // how many files imported was made of
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

	model  *Model // that it belongs to
	output string // of the flake, in which it is
}

// Evaluation is one evaluation of modules.
type Evaluation struct {
	User string      // the home-manager user; empty for NixOS
	At   eval.Place  // where its modules are listed
	Args *eval.Attrs // what specialArgs or extraSpecialArgs hold
	*Closure
	model *Model // that it belongs to
	// Config is the evaluation itself: its options and their values.
	Config *module.Evaluation
}

// Model evaluates the repository's flake, or the files named configuration.nix
// of one without flake.nix. A repository whose hosts cannot be found has a model
// without hosts. All hosts share one evaluator, which costs least if they are
// evaluated once; ModelAfter is for states that follow each other.
func (r *Repo) Model() *Model {
	m := r.newModel(nil)
	m.evaluate(func(_, _ string) bool { return true })
	return m
}

// newModel returns a model that has evaluated the flake's outputs, and no host. It
// notes in n what it looks at, unless that is nil, and where the options of the
// repository are read.
func (r *Repo) newModel(n *reads) *Model {
	seen := newRecorder(r, n)
	m := &Model{Repo: r, ev: eval.New(seen, eval.DefaultLimits), seen: seen, systems: make(map[*eval.Attrs]*module.Evaluation)}
	m.ev.Keep(r.code)
	if n != nil {
		m.ev.FollowIn(m.Own)
	}
	if !r.options.Apart {
		m.ev.ShareCalls()
	}
	m.inputs = m.newInputs()
	m.ev.AssumeUnknown(m.inputs.fileNotAtHand)
	m.outputs()
	for _, name := range hostOutputs {
		if m.self == nil {
			break
		}
		v, _ := m.output(name)
		if err, failed := v.(*eval.Error); failed && m.self.Get(name) != nil {
			m.broken = append(m.broken, Broken{"`" + name + "`", err})
		}
	}
	m.repeated = m.ev.Steps()
	return m
}

// hostOutputs are the outputs that hold systems, those of NixOS first.
var hostOutputs = []string{"nixosConfigurations", "darwinConfigurations", "homeConfigurations"}

// output returns one of the flake's outputs, and what is in it if it is a set.
func (m *Model) output(name string) (eval.Value, []eval.Attr) {
	if m.self == nil {
		return nil, nil
	}
	v := m.ev.Select(m.self, name, eval.Place{})
	var out []eval.Attr
	seen := make(map[string]bool)
	for _, a := range m.possible(v) {
		if !seen[a.Name] {
			seen[a.Name] = true
			out = append(out, a)
		}
	}
	return v, out
}

// evaluate finds the systems among the outputs that want has, and evaluates them.
func (m *Model) evaluate(want func(output, name string) bool) {
	if m.self == nil {
		m.Hosts = m.plainHosts()
		return
	}
	for i, output := range hostOutputs {
		hosts := &m.Hosts
		if i > 0 {
			hosts = &m.Others
		}
		v, attrs := m.output(output)
		certain, _ := v.(*eval.Attrs)
		for _, a := range attrs {
			if !want(output, a.Name) {
				continue
			}
			built := m.ev.Force(a.Value)
			if err, failed := built.(*eval.Error); failed && certain != nil && certain.Get(a.Name) != nil {
				m.brokenHosts = append(m.brokenHosts, Broken{"`" + output + "." + a.Name + "`", err})
			}
			if h := m.host(a.Name, a.At, built); h != nil {
				h.output = output
				*hosts = append(*hosts, h)
			}
		}
	}
}

// Broken is an output of the flake that comes to an error.
type Broken struct {
	What  string // the output, as one writes about it
	Error *eval.Error
}

// Broken returns the outputs that come to an error, of those that hold systems
// and homes.
func (m *Model) Broken() []Broken {
	out := slices.Concat(m.broken, m.brokenHosts)
	for _, p := range m.parts {
		if p.model != nil {
			out = append(out, p.model.brokenHosts...)
		}
	}
	return out
}

// Outputs returns what the flake's outputs are: a set, or an unknown or error
// that says why there is none. It is to be evaluated further by Evaluator.
func (m *Model) Outputs() eval.Value { return m.result }

// Evaluator returns the evaluator of the flake's outputs. What belongs to a host has
// its own.
func (m *Model) Evaluator() *eval.Evaluator { return m.ev }

// Evaluator returns the evaluator of the evaluation's values.
func (e *Evaluation) Evaluator() *eval.Evaluator { return e.model.ev }

// Evaluator returns the evaluator of the host's values.
func (h *Host) Evaluator() *eval.Evaluator { return h.model.ev }

// Evaluations returns the host's evaluations of modules: the system's, then those of homes.
func (h *Host) Evaluations() []*Evaluation { return append([]*Evaluation{h.System}, h.Homes...) }

// IsOnly reports whether the flake builds no other host of NixOS.
func (h *Host) IsOnly() bool {
	_, attrs := h.model.output(hostOutputs[0])
	return len(h.model.Hosts) == 1 && len(attrs) <= 1
}

// Evaluations returns all evaluations of modules, host by host.
func (m *Model) Evaluations() []*Evaluation {
	var out []*Evaluation
	for _, h := range slices.Concat(m.Hosts, m.Others) {
		out = append(out, h.Evaluations()...)
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
	out := file
	m.any(func(part *Model) bool {
		name, dir := part.inputs.holding(file)
		if name != "" {
			out = "<" + name + strings.TrimPrefix(file, dir) + ">"
		}
		return name != ""
	})
	return out
}

// Imported returns the files that evaluation has imported, relative to the
// root. The map must not be changed.
func (m *Model) Imported() map[string]bool {
	files := 0
	m.any(func(part *Model) bool {
		files += len(part.ev.Files())
		return false
	})
	if m.imported == nil || m.files != files {
		m.imported, m.files = make(map[string]bool), files
		m.any(func(part *Model) bool {
			for p := range part.ev.Files() {
				if rel, ok := m.Repo.rel(p); ok {
					m.imported[rel] = true
				}
			}
			return false
		})
	}
	return m.imported
}

// outputs evaluates the flake's outputs, or returns nil.
func (m *Model) outputs() *eval.Attrs {
	if m.seen.repo.File("flake.nix") == nil {
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
