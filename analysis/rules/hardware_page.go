package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/vfio"
)

// vfioChecksPage returns the page that lists the checks of package vfio by the
// rules that make them.
func vfioChecksPage() string {
	var b strings.Builder
	b.WriteString(`# Checks of the group vfio

Each rule of the group makes several checks. This is all of them, with the gravest that they report; how grave a finding is
depends on how certain it is. Facts are those that [a machine or a snapshot of it](vfio.md#which-machine) tells: of the machine, of
the boot entry that was running, or of both a machine and its snapshot. What is graver than a hint is reported by the rule, hints by
` + "[`" + adviceRule + "`](rules/" + adviceRule + ".md)" + `. [What is not checked](vfio.md#what-is-not-checked), and why, is listed too.

| rule | check | gravest | facts | what it finds |
| --- | --- | --- | --- | --- |
`)
	checks := vfio.Checks()
	for _, r := range All() {
		names := slices.Sorted(slices.Values(hardwareChecks[r.Name]))
		for i, name := range names {
			c := checks[slices.IndexFunc(checks, func(c vfio.Check) bool { return c.Name == name })]
			rule := ""
			if i == 0 {
				rule = fmt.Sprintf("[`%s`](rules/%s.md)", r.Name, r.Name)
			}
			fmt.Fprintf(&b, "| %s | `%s` | %s | %s | %s |\n", rule, c.Name, c.Severity, factsWords[c.Needs], c.Summary)
		}
	}
	return b.String()
}

var factsWords = map[vfio.Needs]string{
	vfio.Nothing: "", vfio.Hardware: "machine", vfio.Running: "boot entry", vfio.Recorded: "both",
}
