package config

import (
	"regexp"

	"github.com/nixlint/nixlint/analysis/diagnostic"
)

var (
	ruleNameForm     = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	metavariableForm = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
)

// checkRules looks for mistakes in the user's rules beyond those in single
// values.
func (d *decoder) checkRules(rules []RuleTable) {
	for _, r := range rules {
		if r.Name.IsSet() && r.Name.Value.fault() == "" && !ruleNameForm.MatchString(string(r.Name.Value)) {
			d.fail(r.Name.At, "`rule.name` is `%s`: write it in small letters and digits, words joined by hyphens", r.Name.Value)
		}
		if r.Safe.Value && !r.Fix.IsSet() {
			d.fail(r.Safe.At, "`rule.safe` is about a fix, and the rule has no `fix`")
		}
		for _, w := range r.Where {
			if !metavariableForm.MatchString(w.Key.Value) {
				d.fail(w.Key.At, "`rule.where` has `%s`: metavariables are written in capitals, here without `$`", w.Key.Value)
			}
		}
	}
}

// userRules returns the rules that a file of settings defines.
func (f *File) userRules(file string) []UserRule {
	var out []UserRule
	for _, r := range f.Rules {
		u := UserRule{
			Name: string(r.Name.Value), Pattern: string(r.Pattern.Value), Message: string(r.Message.Value), Fix: string(r.Fix.Value),
			Severity: diagnostic.Warning, Safe: r.Safe.Value, Help: string(r.Help.Value), File: file, Pos: r.Pattern.At,
		}
		if r.Severity.IsSet() {
			u.Severity, _ = diagnostic.ParseSeverity(string(r.Severity.Value)) // has been looked at
		}
		for _, w := range r.Where {
			if u.Where == nil {
				u.Where = make(map[string]string)
			}
			u.Where[w.Key.Value] = string(w.Value.Value)
		}
		out = append(out, u)
	}
	return out
}
