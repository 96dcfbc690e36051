package config

import (
	"errors"
	"regexp"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/pattern"
)

var (
	ruleNameForm     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`) })
	metavariableForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`) })
)

// checkRules looks for mistakes in the user's rules beyond those in single
// values, and makes their patterns ready.
func (d *decoder) checkRules(rules []RuleTable) {
	for i := range rules {
		r := &rules[i]
		before := len(d.errs)
		if r.Name.IsSet() && r.Name.Value.fault() == "" && !ruleNameForm().MatchString(string(r.Name.Value)) {
			d.fail(r.Name.At, "`rule.name` is `%s`: write it in small letters and digits, words joined by hyphens", r.Name.Value)
		}
		if r.Safe.Value && !r.Fix.IsSet() {
			d.fail(r.Safe.At, "`rule.safe` is about a fix, and the rule has no `fix`")
		}
		for _, w := range r.Where {
			if !metavariableForm().MatchString(w.Key.Value) {
				d.fail(w.Key.At, "`rule.where` has `%s`: metavariables are written in capitals, here without `$`", w.Key.Value)
			}
		}
		for _, t := range r.Tests {
			switch {
			case !t.Code.IsSet():
			case !t.Matches.IsSet() && !t.Fixed.IsSet():
				d.fail(t.Code.At, "`[[rule.test]]` says neither how many `matches` there are nor what is `fixed`")
			case t.Fixed.IsSet() && !r.Fix.IsSet():
				d.fail(t.Fixed.At, "`rule.test.fixed` is about a fix, and the rule has no `fix`")
			}
		}
		if len(d.errs) == before && r.Pattern.IsSet() {
			d.compile(r)
		}
	}
}

// compile makes the pattern of a rule ready.
func (d *decoder) compile(r *RuleTable) {
	spec := pattern.Spec{
		Pattern: string(r.Pattern.Value), Fix: string(r.Fix.Value), Inside: string(r.Inside.Value), NotInside: string(r.NotInside.Value),
		Where: make(map[string]string), Kind: make(map[string]string),
	}
	for _, w := range r.Where {
		spec.Where[w.Key.Value] = string(w.Value.Value)
	}
	for _, k := range r.Kind {
		spec.Kind[k.Key.Value] = string(k.Value.Value)
	}
	var err error
	r.query, err = pattern.Compile(spec)
	if mistake, ok := errors.AsType[*pattern.SpecError](err); ok {
		d.fail(r.placeOf(mistake.Field), "`rule.%s`: %v", mistake.Field, mistake.Err)
	}
}

// placeOf returns the place of one of the keys that say what a rule looks for.
func (r *RuleTable) placeOf(field string) Pos {
	table, name, _ := strings.Cut(field, ".")
	switch table {
	case "fix":
		return r.Fix.At
	case "inside":
		return r.Inside.At
	case "not-inside":
		return r.NotInside.At
	case "where":
		for _, w := range r.Where {
			if w.Key.Value == name {
				return w.Key.At
			}
		}
	case "kind":
		for _, k := range r.Kind {
			if k.Key.Value == name {
				return k.Key.At
			}
		}
	}
	return r.Pattern.At
}

// userRules returns the rules that a file of settings defines.
func (f *File) userRules(file string) []UserRule {
	var out []UserRule
	for _, r := range f.Rules {
		u := UserRule{
			Name: string(r.Name.Value), Pattern: string(r.Pattern.Value), Message: string(r.Message.Value), Fix: string(r.Fix.Value),
			Severity: diagnostic.Warning, Safe: r.Safe.Value, Help: string(r.Help.Value), Query: r.query, File: file, Pos: r.Pattern.At,
		}
		if r.Severity.IsSet() {
			u.Severity, _ = diagnostic.ParseSeverity(string(r.Severity.Value)) // has been looked at
		}
		for _, t := range r.Tests {
			test := UserTest{Code: string(t.Code.Value), Matches: -1, Fixed: string(t.Fixed.Value), Pos: t.Code.At}
			if t.Matches.IsSet() {
				test.Matches = int(t.Matches.Value)
			}
			u.Tests = append(u.Tests, test)
		}
		out = append(out, u)
	}
	return out
}
