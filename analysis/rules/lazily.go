package rules

import (
	"regexp"
	"sync"
)

// lazily returns a regular expression that is compiled when it is first needed:
// all of them together would take a tenth of the time of a short run.
func lazily(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
