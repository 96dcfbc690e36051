package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/edit"
	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var hostnameMismatch = &Rule{
	Name:     "hostname-mismatch",
	Group:    "meta",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a host calls itself by another name than the flake does",
	Why: `If modules are told the name of their host, as in ` + "`meta.hostname`" + `, it is the one name to go by: folders, secrets and other
machines know the host by it. A ` + "`networking.hostName`" + ` that is written out and differs is a slip, often left over from a
host that was copied. So is a host that the flake builds with the name of another. One that is the same is only repeated, which is a matter of style.

The rule is silent for hosts that are told no name, and about names given with ` + "`mkDefault`" + `.`,
	Bad:  "-- flake.nix --\n" + exampleMeta + "-- host.nix --\n{ meta, ... }:\n{\n  networking.hostName = \"hots\";\n}\n",
	Good: "-- flake.nix --\n" + exampleMeta + "-- host.nix --\n{ meta, ... }:\n{\n  networking.hostName = meta.hostname;\n}\n",
	Fix:  SometimesFix,
	Host: func(r *Repo) {
		for _, h := range r.Model.Hosts {
			names := r.hostNames(h)
			if len(names) != 1 {
				continue
			}
			told := names[0]
			defs, _ := r.Model.Definitions(h.System, "networking", "hostName")
			for _, def := range defs {
				literal, ok := literalOf(def.At)
				if !ok || !def.Certain {
					continue
				}
				d := diagnostic.Diagnostic{
					File: r.Model.Rel(def.At.File), Span: literal.Span(),
					Help: fmt.Sprintf("use `%s`", told.path),
					Fix:  r.useFact(h.System, def.At.File, literal, told),
				}
				if def.Value == told.value {
					d.Severity = diagnostic.Info
					d.Message = fmt.Sprintf("the name of the host is `%s` already", told.path)
				} else {
					d.Message = fmt.Sprintf("the host is called %s here, but `%s` is `%s`", literal.Text(), told.path, told.value)
					d.Related = r.related(told.from, fmt.Sprintf("`%s` is built with this name", h.Name))
				}
				r.Report(d)
			}
		}
		toldNames.look(r)
	},
	Repo: func(r *Repo) {
		names := make(map[string]string) // what hosts are told to be called, by host
		for told := range toldNames.each(r) {
			for _, t := range told {
				names[t.host] = t.name
			}
		}
		for told := range toldNames.each(r) {
			for _, t := range told {
				if t.name == t.host || names[t.name] != t.name || isVariant(t.host, t.name) {
					continue
				}
				r.Report(diagnostic.Diagnostic{
					File: t.at.file, Span: t.at.span,
					Message: fmt.Sprintf("`%s` is built with the name of another host, `%s`", t.host, t.name),
					Help:    fmt.Sprintf("is it `%s`?", t.host),
				})
			}
		}
	},
}

// toldName is what a host is told to be called, and where that is written out.
type toldName struct {
	host, name string
	at         place
}

var toldNames = &perHost[[]toldName]{func(r *Repo) (out []toldName) {
	for _, h := range r.Model.Hosts {
		names := r.hostNames(h)
		if len(names) != 1 || !names[0].from.IsValid() {
			continue
		}
		from := names[0].from
		name, _ := names[0].value.(eval.String)
		if file := r.Model.Rel(from.File); r.File(file) != nil && from.Syntax().Is(parser.KindString) {
			out = append(out, toldName{h.Name, string(name), place{file, from.Span()}})
		}
	}
	return out
}}

// isVariant reports whether a host may well be another form of the one whose name it is
// given, such as an image to install it from.
func isVariant(host, of string) bool {
	switch host {
	case "default", "nixos", "iso", "vm", "live", "installer", "install", "image", "test":
		return true
	}
	return strings.Contains(host, of) || strings.Contains(of, host)
}

// useFact returns the fix that replaces a literal by what the modules of an
// evaluation are told, and lets the module around it ask for the argument if it
// does not. It is nil if there is no such module with parameters.
func (r *Repo) useFact(e *repo.Evaluation, in *eval.File, literal parser.Node, f fact) *diagnostic.Fix {
	file := r.File(r.Model.Rel(in))
	if file == nil {
		return nil
	}
	var p parser.Pattern
	for n := range literal.Ancestors() {
		if pattern, ok := patternOf(n); ok {
			if !slices.ContainsFunc(e.Functions, func(fn *repo.Function) bool { return fn.Lambda.At().Syntax() == n }) {
				return nil
			}
			p = pattern
			break
		}
	}
	if !p.IsValid() || !p.Ellipsis().IsValid() {
		return nil
	}
	edits := []diagnostic.Edit{{Span: literal.Span(), Text: f.path}}
	asks := false
	for formal := range p.Formals() {
		asks = asks || formal.Name().Text() == f.arg
	}
	if !asks {
		edits = append(edits, edit.AddFormal(p, f.arg))
	}
	for i := range edits {
		edits[i].File = file.Path
	}
	return &diagnostic.Fix{Title: fmt.Sprintf("replace by `%s`", f.path), Edits: edits}
}

// isTold returns what an evaluation is told under a name, if it is one string.
func (r *Repo) isTold(e *repo.Evaluation, name string) (fact, bool) {
	facts := r.facts(e, name)
	if len(facts) != 1 {
		return fact{}, false
	}
	_, ok := facts[0].value.(eval.String)
	return facts[0], ok
}
