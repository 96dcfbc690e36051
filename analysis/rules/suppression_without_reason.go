package rules

import (
	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
)

var suppressionWithoutReason = &Rule{
	Name:     "suppression-without-reason",
	Group:    "syntax",
	Severity: diagnostic.Warning,
	Since:    "0.1.0",
	Summary:  "a comment keeps findings back and does not say why",
	Why: `Whoever reads ` + "`# nixlint-ignore unused-binding`" + ` later can only guess whether it is still needed. A reason stands behind
a colon: ` + "`# nixlint-ignore unused-binding: the test reads it`" + `.

` + "`require-suppression-reason = true`" + ` in nixlint.toml turns the rule on.`,
	Bad:  "let\n  a = 1; # nixlint-ignore unused-binding\nin\n{ }\n",
	Good: "let\n  a = 1; # nixlint-ignore unused-binding: the test reads it\nin\n{ }\n",
	Fix:  NoFix,
	// The engine looks for such comments, once all rules have run.
}

// withoutReason returns the finding about a directive that gives no reason.
func withoutReason(f *repo.File, d *diagnostic.Directive) []diagnostic.Diagnostic {
	if d.Foreign || d.Unknown != "" || len(d.Rules) == 0 || d.Reason != "" {
		return nil
	}
	return []diagnostic.Diagnostic{{
		Rule: suppressionWithoutReason.Name, Severity: suppressionWithoutReason.Severity, File: f.Path, Span: d.Comment,
		Message: "the comment does not say why it keeps findings back",
		Help:    "write the reason behind a colon",
	}}
}
