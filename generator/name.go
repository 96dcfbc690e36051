package generator

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"sync"
	"unicode"
)

var (
	identifier = lazily(`^[a-zA-Z_][a-zA-Z0-9_-]{0,99}$`)
	hostLabel  = lazily(`^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$`)
	account    = lazily(`^[a-z_][a-z0-9_-]{0,30}$`)
	machines   = lazily(`^[a-z0-9_]+-[a-z0-9]+$`)
	device     = lazily(`^/dev/[^\s/][^\s]*$`)
)

// lazily returns a regular expression that is compiled when it is first needed:
// most runs of the program make nothing.
func lazily(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// keywords are the names that Nix does not read as identifiers.
var keywords = map[string]bool{
	"assert": true, "else": true, "if": true, "in": true, "inherit": true, "let": true, "or": true, "rec": true, "then": true, "with": true,
}

// shown makes a name fit for a message of one line.
func shown(name string) string {
	return strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return unicode.ReplacementChar
		}
		return c
	}, name)
}

// checkName makes sure that a name can be an attribute and a file. What is what
// it names, with its article.
func checkName(what, name string) error {
	if !identifier().MatchString(name) {
		return fmt.Errorf("`%s` is no name for %s: use up to 100 letters, digits, `_` and `-`, and begin with a letter", shown(name), what)
	}
	if keywords[name] {
		return fmt.Errorf("`%s` is no name for %s: it is a keyword of Nix", name, what)
	}
	return nil
}

// checkHostName makes sure that a name is a label of RFC 1123 that can be an
// attribute too.
func checkHostName(name string) error {
	if err := checkName("a host", name); err != nil {
		return err
	}
	if !hostLabel().MatchString(name) {
		return fmt.Errorf("`%s` is no host name: use up to 63 letters, digits and `-`, and end with a letter or digit", name)
	}
	return nil
}

// checkAccount makes sure that a name is one that Linux takes for an account.
func checkAccount(name string) error {
	if err := checkName("a user", name); err != nil {
		return err
	}
	if !account().MatchString(name) {
		return fmt.Errorf("`%s` is no name for an account: use up to 31 small letters, digits, `_` and `-`", name)
	}
	return nil
}

// checkSystem makes sure that a name is that of a kind of machine.
func checkSystem(name string) error {
	if !machines().MatchString(name) {
		return fmt.Errorf("`%s` is no kind of machine: it is one such as x86_64-linux", shown(name))
	}
	return nil
}

// checkDisk makes sure that a name is that of a drive.
func checkDisk(name string) error {
	if !device().MatchString(name) || path.Clean(name) != name {
		return fmt.Errorf("`%s` is no disk: name its device, such as /dev/disk/by-id/nvme-Example", shown(name))
	}
	return nil
}

// Camel makes `dualBoot` of `dual-boot`.
func Camel(name string) string {
	var b strings.Builder
	up := false
	for _, c := range name {
		if c == '-' || c == '_' {
			up = b.Len() > 0
			continue
		}
		if up {
			c = unicode.ToUpper(c)
		}
		up = false
		b.WriteRune(c)
	}
	return b.String()
}

// Kebab makes `dual-boot` of `dualBoot`.
func Kebab(name string) string {
	var b strings.Builder
	for i, c := range name {
		if unicode.IsUpper(c) && i > 0 {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}
