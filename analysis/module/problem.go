package module

import (
	"fmt"

	"github.com/nixlint/nixlint/analysis/eval"
)

// ProblemKind tells problems apart.
type ProblemKind uint8

// The kinds of problems.
const (
	BadModule     ProblemKind = iota // a value or attribute that makes no module
	Undeclared                       // a definition of an option that no module declares
	WrongType                        // a definition of another type than the option's
	WrongDefault                     // a default of another type than the option's
	Conflict                         // definitions of one priority that do not merge
	ReadOnlySet                      // a second definition of a read-only option
	Unset                            // an option without default or definition whose value is needed
	DeclaredTwice                    // declarations of one option that do not merge
	BadOption                        // a declaration that is none
	BadType                          // a type of an option that is none
)

// Problem is something that Nix would refuse.
type Problem struct {
	Kind    ProblemKind
	Path    []string // the option
	At      eval.Place
	Message string
	// Certain is unset if it depends on something unknown.
	Certain bool
	// Open is set for an undeclared option that modules which are not at hand
	// might declare. It is likely only if the name is nearly that of another.
	Open   bool
	Option *Option // nil if there is none
	Module *Module // that holds At; may be nil
	// Definition is the one at fault; its Value is unset for other problems.
	Definition Definition
	// Evaluation is the one that the option belongs to, perhaps of a submodule.
	Evaluation *Evaluation
	// Related are the other definitions or declarations of a conflict.
	Related []eval.Place
	// Type is, for a wrong type, the type that the value was held against,
	// which may be that of an element.
	Type  *Type
	Error *eval.Error
}

// problem remembers a problem, once.
func (e *Evaluation) problem(p Problem) {
	s := e.session
	p.Evaluation = e
	key := fmt.Sprint(p.Kind, p.Path, p.Message)
	if p.At.IsValid() {
		key += fmt.Sprint(p.At.File.Path, p.At.Node)
	}
	if !s.seen[key] {
		s.seen[key] = true
		s.problems = append(s.problems, p)
	}
}
