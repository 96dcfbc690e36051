package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var evaluationFails = &Rule{
	Name:     "evaluation-fails",
	Group:    "flake",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "the evaluation of a host stops with an error",
	Why: `What a host, or a home on it, certainly needs cannot be computed: an attribute is missing, a function gets an argument that it does
not take, or the code stops by itself with ` + "`throw` or `assert`" + `. nixlint evaluates the hosts as Nix does,
and says where Nix stops.

Mistakes that another rule knows more about are left to that rule. An error in settings of something of which it is not known that it
is on is a warning: nobody may look at them.`,
	Bad: "-- flake.nix --\n" + exampleFlake + "-- nvidia.nix --\n{ }\n-- host.nix --\n{ modules, ... }:\n" +
		"let\n  ports = { ssh = 22; };\nin\n{\n  networking.firewall.allowedTCPPorts = [ ports.shh ];\n}\n",
	Good: "-- flake.nix --\n" + exampleFlake + "-- nvidia.nix --\n{ }\n-- host.nix --\n{ modules, ... }:\n" +
		"let\n  ports = { ssh = 22; };\nin\n{\n  networking.firewall.allowedTCPPorts = [ ports.ssh ];\n}\n",
	Fix:  SometimesFix,
	Last: true,
	Repo: func(r *Repo) {
		known := make(map[failing]bool) // that are what another rule is about
		for _, p := range r.Model.Problems() {
			switch {
			case p.Error == nil:
			case p.Kind == module.BadModule || p.Kind == module.BadOption:
				r.failure(p.Error, where(p), p.Certain)
			default:
				known[failingOf(p.Error)] = true
			}
		}
		for _, f := range r.Model.Broken() {
			if !known[failingOf(f.Error)] {
				r.failure(f.Error, f.What, true)
			}
		}
		for _, h := range r.Model.Hosts {
			for _, e := range h.Evaluations() {
				for _, imp := range e.Imports {
					if err, ok := imp.Value.(*eval.Error); ok && imp.Certain {
						r.failure(err, ofEvaluation(h, e), true)
					}
				}
			}
		}
		for _, f := range r.Model.Failures() {
			// An option that is not at hand may make a value of another type of what it is
			// set to.
			switch f.Error.Kind {
			case eval.ErrorType, eval.ErrorRefused, eval.ErrorOther:
				continue
			}
			if e := f.Evaluation; !known[failingOf(f.Error)] && !e.Unsure && !e.Broken && !e.Hasty() {
				r.failure(f.Error, whose(f), f.Certain)
			}
		}
	},
}

// failing tells errors apart, also if evaluators of several hosts come to them.
type failing struct {
	kind    eval.ErrorKind
	at      eval.Spot
	message string
}

func failingOf(err *eval.Error) failing { return failing{err.Kind, err.At.Spot(), err.Message} }

// whose says what comes to an error.
func whose(f repo.Failure) string {
	if p := f.Evaluation.Input.Prefix; len(p) > 2 && p[0] == "home-manager" && p[1] == "users" {
		return fmt.Sprintf("the home of `%s` on `%s`", p[2], f.Host.Name)
	}
	return fmt.Sprintf("host `%s`", f.Host.Name)
}

// failure reports an error that something comes to.
func (r *Repo) failure(err *eval.Error, what string, certain bool) {
	if !err.At.IsValid() {
		return
	}
	switch err.Kind {
	case eval.ErrorUndefined, eval.ErrorSyntax, eval.ErrorMissingFile:
		return // there are rules for these, whether the place is evaluated or not
	case eval.ErrorRefused:
		if strings.Contains(err.Message, "` wants ") {
			return // rules about options hold values against their types
		}
	case eval.ErrorArgument:
		// Rules about single files know more of a module without `...`, and of what
		// mkOption does not take.
		if err.Attr == "_class" || strings.HasPrefix(err.Message, "mkOption ") {
			return
		}
	}
	file := r.Model.Rel(err.At.File)
	d := diagnostic.Diagnostic{File: file, Span: err.At.Span()}
	f := r.File(file)
	if f == nil || r.isReported(file, d.Span) {
		return
	}
	if f.Tree.HasSyntaxErrors() {
		return // it is not evaluated as it was meant
	}
	message := err.Message
	switch err.Kind {
	case eval.ErrorThrow, eval.ErrorAbort:
		message = "the code stops with: " + strings.TrimSpace(message)
	case eval.ErrorMissingAttr:
		r.suggestAttribute(&d, err)
	}
	d.Message = fmt.Sprintf("%s cannot be evaluated: %s", what, message)
	if !certain {
		d.Severity = diagnostic.Warning
	}
	r.Report(d)
}

// suggestAttribute fills in which attribute was probably meant.
func (r *Repo) suggestAttribute(d *diagnostic.Diagnostic, err *eval.Error) {
	if err.Set == nil {
		return
	}
	names := err.Set.Names()
	if near := repo.Nearest(err.Attr, names); near != "" {
		d.Help = fmt.Sprintf("did you mean `%s`?", near)
		if n := err.At.Syntax(); n.Is(parser.KindName) && n.Parent().Is(parser.KindAttrPath) && n.Text() == err.Attr {
			d.Fix = &diagnostic.Fix{
				Title: fmt.Sprintf("replace `%s` by `%s`", err.Attr, near),
				Edits: []diagnostic.Edit{{File: d.File, Span: n.Span(), Text: near}},
			}
		}
		return
	}
	const most = 12
	if len(names) > 0 && len(names) <= most {
		d.Help = fmt.Sprintf("the set has `%s`", strings.Join(names, "`, `"))
	}
}
