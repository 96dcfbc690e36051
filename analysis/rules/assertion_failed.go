package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/module"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var assertionFailed = &Rule{
	Name:     "assertion-failed",
	Group:    "options",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "an assertion of a module does not hold",
	Why: `Modules say in ` + "`assertions`" + ` what has to hold, and NixOS does not build a system for which one of them is false. nixlint evaluates
those of the repository for every host, for its specialisations and for the homes on it, and reports what is certainly false,
where the option is set that decides it if there is one such place.`,
	Bad: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ config, ... }:\n{\n  modules.backup.keep = 0;\n" +
		"  assertions = [\n    {\n      assertion = config.modules.backup.keep > 0;\n      message = \"At least one backup has to be kept.\";\n    }\n  ];\n}\n",
	Good: "-- flake.nix --\n" + exampleOption + "-- host.nix --\n{ config, ... }:\n{\n  modules.backup.keep = 1;\n" +
		"  assertions = [\n    {\n      assertion = config.modules.backup.keep > 0;\n      message = \"At least one backup has to be kept.\";\n    }\n  ];\n}\n",
	Fix: NoFix,
	Host: func(r *Repo) {
		for _, h := range r.Model.Hosts {
			for _, e := range r.contexts(h) {
				r.assertions(h, e)
			}
		}
	},
}

// contexts returns the evaluations of a host that assertions stand in: its
// system's, its specialisations' and its homes'.
func (r *Repo) contexts(h *repo.Host) []*module.Evaluation {
	out := []*module.Evaluation{h.System.Config}
	for _, e := range h.System.Config.Nested() {
		p := e.Input.Prefix
		if len(p) == 3 && (p[0] == "specialisation" && p[2] == "configuration" || p[0] == "home-manager" && p[1] == "users") {
			out = append(out, e)
		}
	}
	return out
}

// assertions reports the assertions of an evaluation that are false.
func (r *Repo) assertions(h *repo.Host, e *module.Evaluation) {
	if e.Unsure || e.Broken {
		return
	}
	ev := h.Evaluator()
	for _, d := range e.Definitions("assertions") {
		list, ok := ev.Force(d.Value).(*eval.List)
		if !ok || !d.Certain || d.Module == nil || r.File(r.Model.RelFile(d.Module.File)) == nil {
			continue
		}
		for _, t := range list.Elems {
			a, ok := ev.Force(t).(*eval.Attrs)
			if !ok {
				continue
			}
			if x := a.Get("assertion"); x != nil && ev.Force(x.Value) == eval.Value(eval.Bool(false)) {
				r.failed(h, e, a, x, d)
			}
		}
	}
}

// failed reports one assertion.
func (r *Repo) failed(h *repo.Host, e *module.Evaluation, a *eval.Attrs, x *eval.Attr, d module.Definition) {
	ev := h.Evaluator()
	at := x.At
	if !at.IsValid() {
		at = d.At
	}
	if !at.IsValid() || r.File(r.Model.Rel(at.File)) == nil {
		return
	}
	message := "an assertion does not hold"
	switch m := ev.Select(a, "message", eval.Place{}).(type) {
	case eval.String:
		message = strings.Join(strings.Fields(string(m)), " ")
	}
	on := "host `" + h.Name + "`"
	if p := e.Input.Prefix; len(p) == 3 && p[0] == "specialisation" {
		on = fmt.Sprintf("specialisation `%s` of host `%s`", p[1], h.Name)
	} else if len(p) == 3 {
		on = fmt.Sprintf("the home of `%s` on `%s`", p[2], h.Name)
	}
	out := diagnostic.Diagnostic{
		File: r.Model.Rel(at.File), Span: at.Span(),
		Message: fmt.Sprintf("this assertion is false on %s: %s", on, message),
	}
	if cause := r.cause(e, x.Value.At()); cause.IsValid() {
		out.Related = r.related(at, "the assertion")
		out.File, out.Span = r.Model.Rel(cause.File), cause.Span()
		out.Message = fmt.Sprintf("%s: %s", on, message)
	}
	r.Report(out)
}

// cause finds the one place that sets what an expression reads of the
// configuration.
func (r *Repo) cause(e *module.Evaluation, expr eval.Place) eval.Place {
	if !expr.IsValid() {
		return eval.Place{}
	}
	file := r.File(r.Model.Rel(expr.File))
	if file == nil {
		return eval.Place{}
	}
	names := r.Names(file)
	node := expr.Syntax()
	var places []eval.Place
	for d := range names.Definitions() {
		def := names.Definitions()[d]
		if names.Name(scope.DefID(d)) != "config" || def.Kind != scope.Formal {
			continue
		}
		for _, read := range symbol.ConfigReads(names, scope.DefID(d)) {
			if len(read.Names) == 0 || !r.isRead(names, read, node) {
				continue
			}
			o, rest := e.Option(read.Path...)
			if o == nil || len(rest) > 0 {
				continue
			}
			for _, definition := range o.Definitions() {
				if !definition.Default && definition.At.IsValid() && r.File(r.Model.Rel(definition.At.File)) != nil {
					places = append(places, definition.At)
				}
			}
		}
	}
	for _, p := range places {
		if p != places[0] {
			return eval.Place{}
		}
	}
	if len(places) == 0 {
		return eval.Place{}
	}
	return places[0]
}

// isRead reports whether a read stands in an expression: its last name, which is
// not in the definition of an alias.
func (r *Repo) isRead(names *scope.Names, read symbol.ConfigRead, expr parser.Node) bool {
	s := read.Names[len(read.Names)-1].Span()
	around := expr.Span()
	return s.Start >= around.Start && s.End <= around.End
}
