package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var plaintextPassword = &Rule{
	Name:     "plaintext-password",
	Group:    "secrets",
	Severity: diagnostic.Warning,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a password, token or private key is written into the configuration",
	Why: `What stands in the configuration stands in the repository, in its history, and in the store of every machine, for
all its users to read. That holds for password hashes too: they can be guessed at leisure. Give the secret in a file
that only the running system has: ` + "`hashedPasswordFile = config.sops.secrets.\"mira/password\".path;`" + `. A secret that was
committed once has to be changed.

Found are the passwords of ` + "`users.users`" + `, initial ones like ` + "`changeme`" + ` included, for they stay until somebody changes them; and
texts that begin as the tokens of well-known services do, and private keys, with those of WireGuard and passphrases of wireless networks. An empty password and the hashes ` + "`!` and `*`" + `, which
lock an account, are no secrets. Tests and templates are left out.`,
	Bad:   "{\n  users.users.mira = {\n    isNormalUser = true;\n    initialPassword = \"changeme\";\n  };\n}\n",
	Good:  "{ config, ... }:\n{\n  users.users.mira = {\n    isNormalUser = true;\n    hashedPasswordFile = config.sops.secrets.\"mira/password\".path;\n  };\n}\n",
	Fix:   NoFix,
	Kinds: []parser.Kind{parser.KindString, parser.KindIndString},
	Node: func(f *File, n parser.Node) {
		if f.excused() {
			return
		}
		for _, p := range f.secretParts(n) {
			if kind := secretIn(p.Text); kind != "" {
				f.Report(diagnostic.Diagnostic{
					Span: n.Span(), Message: fmt.Sprintf("%s is written into the configuration", kind),
					Help: "keep it in an encrypted file, and change it if it was committed",
				})
				return
			}
		}
		outer := n
		for symbol.IsTransparent(outer.Parent()) {
			outer = outer.Parent()
		}
		if !outer.Parent().Is(parser.KindBinding) {
			return
		}
		option, _ := parser.StaticName(parser.Binding{Node: outer.Parent()}.Path().LastChild())
		if _, isKey := keyOptions[option]; !isKey && !passwordOptions[option] {
			return
		}
		path := symbol.BindingPath(outer.Parent())
		f.plaintextKey(n, path)
		if len(path) < 4 {
			return
		}
		if set := path[len(path)-4 : len(path)-2]; set[0] != "users" || set[1] != "users" && set[1] != "extraUsers" {
			return
		}
		text, static := parser.String{Node: n}.Static()
		if !static || text == "" || strings.Trim(text, "!*x") == "" {
			return
		}
		if !passwordOptions[option] || strings.HasPrefix(text, "!") && strings.HasSuffix(option, "ashedPassword") {
			return // another option, or a locked account
		}
		who := "an account"
		if name := path[len(path)-2]; name != "" {
			who = "`" + name + "`"
		}
		f.Report(diagnostic.Diagnostic{
			Span:    n.Span(),
			Message: fmt.Sprintf("`%s` of %s is written into the configuration", option, who),
			Help:    "use `hashedPasswordFile` with a secret that is decrypted on the machine",
		})
	},
}

// passwordOptions are the options of an account for its password.
var passwordOptions = map[string]bool{"password": true, "initialPassword": true, "hashedPassword": true, "initialHashedPassword": true}

// secrets are the forms of secrets that are known by how they begin, with what
// they are. The lengths are those of real ones, so that a mere mention is none.
var secrets = []struct {
	form func() *regexp.Regexp
	kind string
}{
	{lazily(`-----BEGIN ([A-Z]+ )*PRIVATE KEY( BLOCK)?-----\s+[A-Za-z0-9+/=:]`), "a private key"},
	{lazily(`\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b`), "a private key of age"},
	{lazily(`\b(ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{36}\b`), "a token of GitHub"},
	{lazily(`\bgithub_pat_[A-Za-z0-9_]{60,}`), "a token of GitHub"},
	{lazily(`\bglpat-[A-Za-z0-9_-]{20,}`), "a token of GitLab"},
	{lazily(`\b(AKIA|ASIA)[0-9A-Z]{16}\b`), "an access key of AWS"},
	{lazily(`\bxox[abprs]-[0-9]+-[A-Za-z0-9-]{20,}`), "a token of Slack"},
	{lazily(`\bsk-(ant|proj|or)-[A-Za-z0-9_-]{30,}`), "an API key"},
	{lazily(`\b(sk|rk)_live_[A-Za-z0-9]{20,}`), "a key of Stripe"},
	{lazily(`\btskey-(auth|client|api)-[A-Za-z0-9]+-[A-Za-z0-9]{20,}`), "a key of Tailscale"},
	{lazily(`\bnpm_[A-Za-z0-9]{36}\b`), "a token of npm"},
	{lazily(`\bhf_[A-Za-z]{34}\b`), "a token of Hugging Face"},
	{lazily(`\bdop_v1_[0-9a-f]{64}\b`), "a token of DigitalOcean"},
}

// secretMarks are substrings of which every secret has one; most texts have
// none, and need no closer look.
var secretMarks = []string{"PRIVATE KEY", "AGE-SECRET", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "AKIA", "ASIA", "xox", "sk-", "_live_", "tskey-", "npm_", "hf_", "dop_v1_"}

// excused reports whether the file is one in which secrets are no secrets.
func (f *File) excused() bool {
	if f.secrets == unread {
		f.readSecrets()
	}
	return f.secrets == excused
}

// secretParts returns the parts of a string that may hold a secret. Most files
// have none anywhere.
func (f *File) secretParts(n parser.Node) []parser.Part {
	if f.secrets == unread {
		f.readSecrets()
	}
	if f.secrets != possible {
		return nil
	}
	return parser.String{Node: n}.Parts()
}

// secrecy says whether a file may hold secrets.
type secrecy uint8

const (
	unread secrecy = iota
	excused
	impossible
	possible
)

func (f *File) readSecrets() {
	switch {
	case repo.IsExcused(f.Path):
		f.secrets = excused
	case strings.Contains(f.Text, "PRIVATE KEY") || hasTokenLike(f.Text):
		f.secrets = possible
	default:
		f.secrets = impossible
	}
}

// hasTokenLike reports whether a mark of secrets stands in a word of 20 or more letters,
// digits, `-` and `_`, as all tokens are. It looks at twenty bytes from behind, and at the
// next twenty from behind the first that no token has.
func hasTokenLike(text string) bool {
	const length = 20
	for start := 0; start+length <= len(text); {
		last := start + length - 1
		for last >= start && inToken[text[last]] {
			last--
		}
		if last >= start {
			start = last + 1
			continue
		}
		end := start + length
		for end < len(text) && inToken[text[end]] {
			end++
		}
		word := text[start:end]
		if slices.ContainsFunc(secretMarks, func(m string) bool { return strings.Contains(word, m) }) {
			return true
		}
		start = end + 1
	}
	return false
}

// inToken tells which bytes tokens are made of. All text is looked at: a table is faster.
var inToken = func() (in [256]bool) {
	for c := range in {
		in[c] = 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_'
	}
	return in
}()

// secretIn says which kind of secret a text holds; empty if none is seen.
func secretIn(text string) string {
	if len(text) < 20 {
		return ""
	}
	for _, m := range secretMarks {
		if !strings.Contains(text, m) {
			continue
		}
		for _, s := range secrets {
			// AWS uses keys with this end in its documentation.
			if found := s.form().FindString(text); found != "" && !strings.HasSuffix(found, "EXAMPLE") {
				return s.kind
			}
		}
		return ""
	}
	return ""
}
