package symbol

import (
	"path/filepath"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// Aliased resolves a variable that only gives another name to a part of an argument, or of the
// builtins, to the symbol for that part; ok is false for others.
func Aliased(names *scope.Names, s Symbol) (out Symbol, ok bool) {
	if s.Kind != Variable {
		return s, false
	}
	root, path, def := rootOfDefinition(names, s.Def, maxAliases)
	if root == "" || len(path) == 0 {
		return s, false
	}
	s.Kind, s.Root, s.Path, s.Def, s.Name = Argument, root, path, def, path[len(path)-1]
	return s.builtin(), true
}

// Variable returns the value, in an evaluation, of a name that a `let` around the body of the
// file defines; nil for other names, and in files with syntax errors.
func (v View) Variable(in In, f *repo.File, names *scope.Names, d scope.DefID) eval.Value {
	body := bodyOf(names, d)
	if !body.IsValid() || len(f.Tree.Errors()) > 0 {
		return nil
	}
	// The file as a function that returns the name in place of its body.
	at := body.Span()
	text := f.Text[:at.Start] + "(" + names.Name(d) + ")" + f.Text[at.End:]
	ev, file := in.Evaluator(), filepath.Join(v.Model.Repo.Root, filepath.FromSlash(f.Path))
	value := ev.EvalPassing(file, text)
	for {
		fn, ok := value.(*eval.Lambda)
		if !ok || !fn.At().IsValid() || fn.At().File.Path != file {
			return value
		}
		if around := fn.At().Span(); at.Start < around.Start || around.End <= at.Start {
			return value
		}
		value = ev.Call(fn, eval.Done(given(in, fn)), eval.Place{})
	}
}

// given are the arguments that a module gets.
func given(in In, fn *eval.Lambda) *eval.Attrs {
	formals, _, _ := fn.Formals()
	out := &eval.Attrs{}
	for _, formal := range formals {
		value := eval.Later(func(*eval.Evaluator) eval.Value { return in.Config.Arg(formal.Name) })
		out = eval.Update(out, &eval.Attrs{Entries: []eval.Attr{{Name: formal.Name, Value: value}}})
	}
	return eval.Update(in.Config.Args(), out)
}

// bodyOf returns the body of the `let` that defines a name, if it is what the file as a whole
// returns.
func bodyOf(names *scope.Names, d scope.DefID) parser.Node {
	def := names.Definitions()[d]
	if names.Scopes()[def.Scope].Kind != scope.Let {
		return parser.Node{}
	}
	let := names.Tree().Node(names.Scopes()[def.Scope].Node)
	if !let.Is(parser.KindLet) || !IsBody(let) {
		return parser.Node{}
	}
	return parser.Let{Node: let}.Body()
}
