package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

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
		options.Apart = true
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
