package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

// keyOptions are options for keys and passphrases of networks that take the text itself,
// with the form of what is a secret, a name that has to be in the path of the option if it
// is not empty, and what takes a file or a placeholder instead.
var keyOptions = map[string]struct {
	form    func() *regexp.Regexp
	among   []string
	instead string
}{
	"privateKey":    {wireguardKey, nil, "use `privateKeyFile`"},
	"presharedKey":  {wireguardKey, nil, "use `presharedKeyFile`"},
	"psk":           {passphrase, []string{"networks", "wifi-security", "wireless"}, "use `pskRaw = \"ext:NAME\"` with `secretsFile`, or a variable of an environment file"},
	"wpaPassword":   {passphrase, []string{"authentication"}, "use `wpaPasswordFile`"},
	"wpaPassphrase": {passphrase, nil, "use a file"},
}

var (
	wireguardKey = lazily(`^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$`)
	// What begins with `$`, `@` or `ext:` is put in when the program starts.
	passphrase = lazily(`^[^$@%{<].{7,63}$`)
)

// plaintextKey reports the key or passphrase of a network that is written out as the
// value of an option.
func (f *File) plaintextKey(n parser.Node, path []string) {
	name := path[len(path)-1]
	option, ok := keyOptions[name]
	if !ok || option.among != nil && !slices.ContainsFunc(path, func(p string) bool { return slices.Contains(option.among, p) }) {
		return
	}
	text, static := parser.String{Node: n}.Static()
	if !static || !option.form().MatchString(text) || strings.HasPrefix(text, "ext:") {
		return
	}
	f.Report(diagnostic.Diagnostic{
		Span: n.Span(), Message: fmt.Sprintf("`%s` is written into the configuration", name),
		Help: option.instead + ", and change the secret if it was committed",
	})
}
