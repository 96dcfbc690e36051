package rules

import (
	"fmt"
	"strings"
)

// Markdown returns the rule's documentation.
func (r *Rule) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s.\n\n", r.Name, strings.ToUpper(r.Summary[:1])+r.Summary[1:])
	on := "on"
	if !r.Default {
		on = "off"
	}
	fix := map[Fixability]string{
		NoFix: "none", UnsafeFix: "on request", SafeFix: "safe", SometimesFix: "on request, for some findings",
	}[r.Fix]
	fmt.Fprintf(&b, "Group: %s · severity: %s · by default: %s · fix: %s · since %s\n\n", r.Group, r.Severity, on, fix, r.Since)
	fmt.Fprintf(&b, "%s\n\n", strings.TrimSpace(r.Why))
	fmt.Fprintf(&b, "Found:\n\n```nix\n%s```\n\nInstead:\n\n```nix\n%s```\n", r.Bad, r.Good)
	return b.String()
}
