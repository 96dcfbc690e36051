package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var unusedSuppression = &Rule{
	Name:     "unused-suppression",
	Group:    "syntax",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a comment keeps findings back that there are not",
	Why: `A comment such as ` + "`# nixlint-ignore unused-binding: reason`" + ` that keeps nothing back is left over, stands on the
wrong line or has a misspelt name, and would hide a mistake made later. At the end of a line it holds for findings
that begin on that line; on a line of its own for those that begin on the next line with code.
` + "`# nixlint-ignore-file RULE: reason`" + ` holds for the whole file.

Rules that did not run are not counted, nor are those whose findings depend on the machine.`,
	Bad:  "{\n  # nixlint-ignore unused-binding: kept for later\n  a = 1;\n}\n",
	Good: "{\n  a = 1;\n}\n",
	Fix:  SafeFix,
	// The engine looks for unused suppressions, once all rules have run.
}

// suppress removes the findings that comments of a file keep back, and adds
// those about comments that keep nothing back.
func (p *plan) suppress(f *repo.File, res *result) []diagnostic.Diagnostic {
	if len(res.directives) == 0 {
		return res.found
	}
	kept := diagnostic.Suppress(f.Tree, res.directives, res.found)
	var faults []diagnostic.Diagnostic
	for i := range res.directives {
		d := &res.directives[i]
		if p.selected[unusedSuppression.Name] && !res.skipped {
			faults = append(faults, p.faults(f, d)...)
		}
		if p.selected[suppressionWithoutReason.Name] {
			faults = append(faults, withoutReason(f, d)...)
		}
	}
	for i := range faults {
		faults[i] = p.weigh(faults[i])
	}
	return append(kept, diagnostic.Suppress(f.Tree, res.directives, faults)...)
}

// faults returns the findings about one directive.
func (p *plan) faults(f *repo.File, d *diagnostic.Directive) []diagnostic.Diagnostic {
	fault := diagnostic.Diagnostic{Rule: unusedSuppression.Name, Severity: unusedSuppression.Severity, File: f.Path, Span: d.Comment}
	switch {
	case d.Foreign:
		return nil
	case d.Unknown != "":
		fault.Message = fmt.Sprintf("`%s` is no directive", d.Unknown)
		fault.Help = "there are `nixlint-ignore` and `nixlint-ignore-file`"
		return []diagnostic.Diagnostic{fault}
	case len(d.Rules) == 0:
		fault.Message = "the comment names no rule"
		fault.Help = "write `# nixlint-ignore RULE: reason`"
		return []diagnostic.Diagnostic{fault}
	}
	var out []diagnostic.Diagnostic
	left := len(d.Rules)
	for _, ref := range d.Rules {
		d := fault
		d.Span = ref.Span
		rule := p.ruleNamed(ref.Name)
		switch {
		case ref.Used || ref.Name == unusedSuppression.Name:
			continue
		case rule == nil:
			d.Message = fmt.Sprintf("there is no rule `%s`", ref.Name)
			if near := repo.Nearest(ref.Name, p.ruleNames()); near != "" {
				d.Help = fmt.Sprintf("did you mean `%s`?", near)
				d.Fix = &diagnostic.Fix{Title: fmt.Sprintf("replace by `%s`", near), Edits: []diagnostic.Edit{
					{File: f.Path, Span: ref.Span, Text: near},
				}}
			}
		case rule == syntax:
			d.Message = "syntax errors cannot be kept back"
		case !p.selected[ref.Name] || rule.OnMachine || p.partial && rule.OfRepository():
			continue
		default:
			left--
			d.Message = fmt.Sprintf("`%s` finds nothing here", ref.Name)
			d.Tags = diagnostic.Unnecessary
		}
		out = append(out, d)
	}
	if left == 0 {
		// All can go, and the comment with them.
		out = out[:1]
		out[0].Span = d.Comment
		if len(d.Rules) > 1 {
			out[0].Message = "none of the rules finds anything here"
		}
		out[0].Fix = &diagnostic.Fix{Title: "remove the comment", Safe: true, Edits: []diagnostic.Edit{
			{File: f.Path, Span: commentWithSpace(f.Text, d.Comment)},
		}}
	}
	return out
}

// commentWithSpace widens the span of a comment to the blanks before it, and
// to the whole line if it stands alone on it.
func commentWithSpace(text string, s parser.Span) parser.Span {
	start := len(strings.TrimRight(text[:s.Start], " \t"))
	end := int(s.End)
	atLineStart := start == 0 || text[start-1] == '\n'
	rest := strings.TrimLeft(text[end:], " \t\r")
	switch {
	case atLineStart && strings.HasPrefix(rest, "\n"):
		return parser.Span{Start: uint32(start), End: uint32(len(text) - len(rest) + 1)}
	case atLineStart || rest != "" && rest[0] != '\n':
		// Code follows: keep the blanks on one side, so that nothing is glued.
		return s
	}
	return parser.Span{Start: uint32(start), End: uint32(end)}
}
