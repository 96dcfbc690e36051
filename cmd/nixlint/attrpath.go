package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
)

// splitAttrPath splits an attribute path at its dots, but for those in quotes.
func splitAttrPath(text string) ([]string, error) {
	text = strings.TrimPrefix(text, ".#") // as it is written for `nix eval`
	if text == "" {
		return nil, nil
	}
	var path []string
	name, quoted, wasQuoted := "", false, false
	for _, c := range text + "." {
		switch {
		case c == '"':
			quoted, wasQuoted = !quoted, true
		case c != '.' || quoted:
			name += string(c)
		case name == "" && !wasQuoted:
			return nil, fmt.Errorf("attribute path `%s`: a name is empty", text)
		default:
			path = append(path, name)
			name, wasQuoted = "", false
		}
	}
	if quoted {
		return nil, fmt.Errorf("attribute path `%s`: a quote is not closed", text)
	}
	return path, nil
}

// followAttrPath selects attributes, and elements of lists by their numbers. If
// calls is set it calls functions on the way whose arguments all have defaults,
// as nix-instantiate does.
func followAttrPath(ev *eval.Evaluator, v eval.Value, path []string, calls bool) eval.Value {
	for i, name := range path {
		if calls {
			v = autoCall(ev, v)
		}
		switch of := v.(type) {
		case *eval.Error:
			return of
		case *eval.List:
			index, err := strconv.ParseUint(name, 10, 31)
			if err != nil {
				return eval.Errorf(eval.Place{}, "%s is a list, of which `%s` is no index", describePath(path[:i]), name)
			}
			v = ev.Apply(ev.Force(ev.Builtins().Get("elemAt").Value), eval.Place{}, eval.Done(of), eval.Done(eval.Int(index)))
			continue
		case *eval.Attrs, *eval.Unknown:
		default:
			return eval.Errorf(eval.Place{}, "%s is %s, which has no attribute `%s`", describePath(path[:i]), eval.TypeName(v), name)
		}
		v = ev.Select(v, name, eval.Place{})
		if err, ok := v.(*eval.Error); ok && err.Kind == eval.ErrorMissingAttr && !err.At.IsValid() && err.Attr == name {
			message := fmt.Sprintf("%s has no attribute `%s`", describePath(path[:i]), name)
			if near := repo.Nearest(name, err.Set.Names()); near != "" {
				message += fmt.Sprintf(": did you mean `%s`?", near)
			}
			return eval.Errorf(eval.Place{}, "%s", message)
		}
	}
	if calls && len(path) > 0 {
		v = autoCall(ev, v)
	}
	return v
}

// describePath names the value at an attribute path.
func describePath(path []string) string {
	if len(path) == 0 {
		return "the value"
	}
	return "`" + strings.Join(path, ".") + "`"
}

// autoCall calls a function whose arguments all have defaults.
func autoCall(ev *eval.Evaluator, v eval.Value) eval.Value {
	fn, ok := v.(*eval.Lambda)
	if !ok {
		return v
	}
	formals, _, isPattern := fn.Formals()
	if !isPattern {
		return v
	}
	for _, f := range formals {
		if !f.HasDefault {
			return eval.Errorf(f.At, "cannot call the function: its argument `%s` has no default", f.Name)
		}
	}
	return ev.Call(fn, eval.Done(&eval.Attrs{}), fn.At())
}

// completeAttrPath completes the last name of an attribute path.
func completeAttrPath(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	const directive = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	f := evalFlags{expr: cmd.Flag("expr").Value.String(), file: cmd.Flag("file").Value.String()}
	before := begun[:strings.LastIndexByte(begun, '.')+1]
	path, err := splitAttrPath(strings.TrimSuffix(before, "."))
	if err != nil || len(args) > 0 || f.file == "-" {
		return nil, directive
	}
	cmd.SetErr(io.Discard)
	ev, v, err := f.root(cmd)
	if err != nil {
		return nil, directive
	}
	set, ok := followAttrPath(ev, v, path, f.expr != "" || f.file != "").(*eval.Attrs)
	if !ok {
		return nil, directive
	}
	var out []string
	for _, name := range set.Names() {
		if strings.ContainsAny(name, ". ") {
			name = `"` + name + `"`
		}
		out = append(out, before+name)
	}
	return out, directive
}
