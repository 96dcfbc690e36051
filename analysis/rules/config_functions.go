package rules

import (
	"slices"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

// configFunction is a function in a file that has the parameter `config`, as modules have.
type configFunction struct {
	names  *scope.Names
	config scope.DefID
	// foreign is what it reads of its configuration, but for options that it declares itself
	// in so many words, and sets with such options. Wherever it is a module, they are there.
	foreign []symbol.ConfigRead
}

// configFunctions holds the functions of a file that have the parameter `config`.
var configFunctions = &perFile[map[parser.NodeID]*configFunction]{func(r *Repo, f *repo.File) map[parser.NodeID]*configFunction {
	out := make(map[parser.NodeID]*configFunction)
	for d, reads := range configReads.of(r, f) {
		names := r.Names(f)
		formal := f.Tree.Node(names.Definitions()[d].Node).Parent()
		lambda := formal.Parent().Parent()
		if names.Name(d) != "config" || !lambda.Is(parser.KindLambda) {
			continue
		}
		fn := &configFunction{names: names, config: d}
		declared := declaredBy(parser.Lambda{Node: lambda})
		for _, read := range reads {
			if !slices.ContainsFunc(declared, func(path []string) bool { return hasPrefix(read.Path, path) || hasPrefix(path, read.Path) }) {
				fn.foreign = append(fn.foreign, read)
			}
		}
		out[lambda.ID()] = fn
	}
	return out
}}

func hasPrefix(path, prefix []string) bool {
	return len(path) >= len(prefix) && slices.Equal(path[:len(prefix)], prefix)
}

// declaredBy lists the options that a module declares in so many words.
func declaredBy(module parser.Lambda) (out [][]string) {
	var collect func(set parser.Node, prefix []string)
	collect = func(set parser.Node, prefix []string) {
		for entry := range set.Children() {
			if !entry.Is(parser.KindBinding) {
				continue
			}
			b := parser.Binding{Node: entry}
			names, static := b.Path().Static()
			if !static || len(prefix) == 0 && names[0] != "options" {
				continue
			}
			path := slices.Concat(prefix, names)
			switch v := parser.Unparen(b.Value()); v.Kind() {
			case parser.KindAttrSet:
				collect(v, path)
			case parser.KindApply:
				switch symbol.LastName(parser.Apply{Node: v}.Func()) {
				case "mkOption", "mkEnableOption", "mkPackageOption":
					if len(path) > 1 {
						out = append(out, path[1:])
					}
				}
			}
		}
	}
	if body := resultOf(module.Body()); body.Is(parser.KindAttrSet) {
		collect(body, nil)
	}
	return out
}

// moduleFunction is a function with the parameter `config` among the modules of an
// evaluation.
type moduleFunction struct {
	*configFunction
	*repo.Function
	file *repo.File
	host *repo.Host
	in   *repo.Evaluation
}

// moduleFunctions lists those of a host and its homes.
var moduleFunctions = &perHost[[]moduleFunction]{func(r *Repo) (out []moduleFunction) {
	for _, h := range r.Model.Hosts {
		for _, e := range h.Evaluations() {
			for _, fn := range e.Functions {
				at := fn.Lambda.At()
				file := r.File(r.Model.Rel(at.File))
				if file == nil {
					continue
				}
				if c := configFunctions.of(r, file)[at.Node]; c != nil {
					out = append(out, moduleFunction{c, fn, file, h, e})
				}
			}
		}
	}
	return out
}}
