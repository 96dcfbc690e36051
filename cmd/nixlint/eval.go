package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// evalFlags are the flags of `nixlint eval`.
type evalFlags struct {
	expr, file   string
	strict, json bool
	inputs       inputFlags
	settings     settingsFlags
}

func newEval() *cobra.Command {
	var f evalFlags
	cmd := &cobra.Command{
		Use:   "eval [ATTRPATH]",
		Short: "Print what is known of a value without running Nix",
		Long: `Prints a value of the flake around the working directory, of a file or of an expression,
as nix-instantiate --eval does. What depends on inputs that are not at hand, on packages
or on the machine reads «unknown: …».

Without --strict the values inside a set or list that have not been evaluated read <CODE>.
Functions along ATTRPATH in a file or expression whose arguments all have defaults are called.`,
		Example: `  nixlint eval nixosConfigurations.toaster.config.networking.hostName
  nixlint eval --strict --json nixosModules
  nixlint eval --expr '(import ./lib).pci.parse "01:00.0"'
  nixlint eval --file hosts/default.nix toaster`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return evaluate(cmd, args, f) },
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.expr, "expr", "E", "", "evaluate this expression; relative paths start at the working directory")
	flags.StringVarP(&f.file, "file", "f", "", "evaluate this file, or standard input for -")
	flags.BoolVar(&f.strict, "strict", false, "evaluate everything inside the value too")
	flags.BoolVar(&f.json, "json", false, "print JSON; implies --strict")
	f.inputs.addTo(flags)
	f.settings.addTo(flags)
	cmd.MarkFlagsMutuallyExclusive("expr", "file")
	return cmd
}

func evaluate(cmd *cobra.Command, args []string, f evalFlags) error {
	var path []string
	if len(args) > 0 {
		var err error
		if path, err = splitAttrPath(args[0]); err != nil {
			return err
		}
	}
	ev, v, err := f.root(cmd)
	if err != nil {
		return err
	}
	calls := f.expr != "" || f.file != ""
	v = followAttrPath(ev, v, path, calls)
	out, fail := f.print(ev, v)
	for _, file := range sortedFiles(ev) {
		if len(file.Tree.Errors()) > 0 {
			return syntaxFailure(cmd.ErrOrStderr(), file)
		}
	}
	if fail != nil {
		return evalFailure(cmd.ErrOrStderr(), fail)
	}
	for _, clause := range ev.Exceeded() {
		fmt.Fprintf(cmd.ErrOrStderr(), "nixlint: %s\n", clause)
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), out)
	return err
}

// print renders a value, or returns the error that it is or that is in it.
func (f evalFlags) print(ev *eval.Evaluator, v eval.Value) (string, *eval.Error) {
	if err, ok := v.(*eval.Error); ok {
		return "", err
	}
	switch {
	case f.json:
		return ev.PrintJSON(v)
	case f.strict:
		if err := ev.Deep(eval.Done(v)); err != nil {
			return "", err
		}
		return ev.Print(v), nil
	}
	return ev.PrintShallow(v), nil
}

// The names of what is evaluated and is no file.
const (
	exprName  = "«expr»"
	stdinName = "«stdin»"
)

// root evaluates what the attribute path starts from.
func (f evalFlags) root(cmd *cobra.Command) (*eval.Evaluator, eval.Value, error) {
	if f.expr == "" && f.file == "" {
		root, err := repo.FindRoot(".")
		if err != nil {
			return nil, nil, err
		}
		if _, err := os.Stat(filepath.Join(root, "flake.nix")); err != nil {
			return nil, nil, errors.New("there is no flake.nix here or above: give --file or --expr")
		}
		settings, err := f.settings.open()
		if err != nil {
			return nil, nil, err
		}
		options, err := f.inputs.options(root, settings)
		if err != nil {
			return nil, nil, err
		}
		r, err := repo.Open(root, options)
		if err != nil {
			return nil, nil, err
		}
		m := r.Model()
		m.Evaluator().Reset()
		return m.Evaluator(), m.Outputs(), nil
	}
	workdir, err := os.Getwd()
	if err != nil {
		return nil, nil, err
	}
	if f.file != "" && f.file != "-" {
		return openFile(f.file)
	}
	name, text := exprName, f.expr
	if f.file == "-" {
		data, err := io.ReadAll(cmd.InOrStdin())
		if err != nil {
			return nil, nil, err
		}
		name, text = stdinName, string(data)
	}
	ev, err := newEvaluator(workdir)
	if err != nil {
		return nil, nil, err
	}
	name = filepath.Join(workdir, name)
	if tree := parser.Parse(text); len(tree.Errors()) > 0 {
		return nil, nil, syntaxFailure(cmd.ErrOrStderr(), &eval.File{Path: filepath.ToSlash(name), Tree: tree})
	}
	return ev, ev.Eval(filepath.ToSlash(name), text), nil
}

// openFile evaluates a file, or default.nix in a folder.
func openFile(name string) (*eval.Evaluator, eval.Value, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return nil, nil, err
	}
	ev, err := newEvaluator(abs)
	if err != nil {
		return nil, nil, err
	}
	if ev.Resolve(filepath.ToSlash(abs)) == "" {
		return nil, nil, fmt.Errorf("%s: neither a file nor a folder with default.nix", name)
	}
	return ev, ev.Import(filepath.ToSlash(abs), eval.Place{}), nil
}

// newEvaluator makes an evaluator that reads the files of the repository around
// a file or folder.
func newEvaluator(name string) (*eval.Evaluator, error) {
	root, err := repo.FindRoot(name)
	if err != nil {
		return nil, err
	}
	source, err := eval.NewDisk(root)
	if err != nil {
		return nil, err
	}
	return eval.New(source, eval.DefaultLimits), nil
}

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
