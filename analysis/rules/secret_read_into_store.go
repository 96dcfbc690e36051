package rules

import (
	"fmt"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/symbol"
	"github.com/nixlint/nixlint/parser"
)

var secretReadIntoStore = &Rule{
	Name:     "secret-read-into-store",
	Group:    "secrets",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a secret is read while the configuration is evaluated",
	Why: `agenix and sops-nix decrypt secrets when the system starts. Reading one at evaluation, as in
` + "`builtins.readFile config.age.secrets.token.path`" + `, fails: on the machine that builds there is no such file, and a flake may not
look for it. Where it does succeed, the secret ends up in the store, which every user of every machine can read. Hand on
the path, and let the program read the file: most options have a variant that ends in ` + "`File`" + `.

It is a warning in a repository that is no flake, since its evaluation may see the file; so is reading a private key
that lies in the repository unencrypted, and what an option such as ` + "`hashedPassword`" + ` takes from a file. Other encrypted files are fine.`,
	Bad:   "{ config, ... }:\n{\n  services.x.token = builtins.readFile config.age.secrets.token.path;\n}\n",
	Good:  "{ config, ... }:\n{\n  services.x.tokenFile = config.age.secrets.token.path;\n}\n",
	Fix:   NoFix,
	Kinds: []parser.Kind{parser.KindApply},
	Node: func(f *File, n parser.Node) {
		a := parser.Apply{Node: n}
		if a.ArgCount() != 1 || f.builtinName(a.Func()) != "readFile" && !readers[symbol.LastName(a.Func())] || repo.IsExcused(f.Path) {
			return
		}
		d := diagnostic.Diagnostic{Span: n.Span(), Help: "hand on the path instead, and let the program read the file when it runs"}
		arg := parser.Unparen(a.Arg(0))
		switch name := f.secretPath(arg, 0); {
		case name != "":
			d.Message = fmt.Sprintf("%s is decrypted when the system starts, and cannot be read before", name)
			if !f.Repo.Has("flake.nix") {
				d.Severity = diagnostic.Warning
				d.Message = fmt.Sprintf("%s is put into the store, for all to read", name)
			}
		case f.isPrivateKey(arg):
			d.Severity = diagnostic.Warning
			d.Message = fmt.Sprintf("the private key `%s` is put into the store, for all to read", arg.Text())
		case secretOptions[repo.BoundAs(n)] && arg.Is(parser.KindPath):
			d.Severity = diagnostic.Warning
			d.Message = fmt.Sprintf("`%s` is what is in `%s`, and is put into the store, for all to read", repo.BoundAs(n), arg.Text())
		default:
			return
		}
		f.Report(d)
	},
}

// secretOptions are the last names of options that hold something secret as it is. Beside
// each of them there is one that takes a file.
var secretOptions = map[string]bool{
	"password": true, "initialPassword": true, "hashedPassword": true, "initialHashedPassword": true, "psk": true, "privateKey": true,
	"presharedKey": true,
}

// readers are the functions of nixpkgs' lib that read a file.
var readers = map[string]bool{"fileContents": true, "importJSON": true, "importTOML": true}

// secretPath names the secret whose path an expression is; empty if it is
// none.
func (f *File) secretPath(n parser.Node, depth int) string {
	switch n = parser.Unparen(n); n.Kind() {
	case parser.KindSelect:
		names := f.selectedPath(n, depth)
		for i := 0; i+3 < len(names); i++ {
			if (names[i] == "age" || names[i] == "sops") && (names[i+1] == "secrets" || names[i+1] == "templates") && names[i+3] == "path" && i+4 == len(names) {
				return "the secret `" + names[i+2] + "`"
			}
		}
	case parser.KindIdent:
		if value := f.letValue(n); value.IsValid() && depth < 5 {
			return f.secretPath(value, depth+1)
		}
	case parser.KindString, parser.KindPath:
		text := strings.Trim(n.Text(), `"`)
		for _, dir := range []string{"/run/secrets/", "/run/agenix/", "/run/secrets-for-users/", "/run/user-secrets/"} {
			if strings.HasPrefix(text, dir) {
				return "`" + text + "`"
			}
		}
		if n.Is(parser.KindString) {
			// "${config.age.secrets.x.path}"
			if parts := (parser.String{Node: n}).Parts(); len(parts) == 1 && parts[0].Interp.IsValid() {
				return f.secretPath(parser.Interp{Node: parts[0].Interp}.Expr(), depth)
			}
		}
	}
	return ""
}

// selectedPath returns the names that are selected one after the other, those
// of let bindings on the way included: `config.age.secrets.x.path` where
// `inherit (config.age) secrets` makes it `secrets.x.path`.
func (f *File) selectedPath(n parser.Node, depth int) []string {
	switch n = parser.Unparen(n); n.Kind() {
	case parser.KindIdent:
		if value := f.letValue(n); value.IsValid() && depth < 5 {
			return f.selectedPath(value, depth+1)
		}
		if from, ok := f.inheritedFrom(n); ok && depth < 5 {
			return append(f.selectedPath(from, depth+1), n.Text())
		}
		return []string{n.Text()}
	case parser.KindSelect:
		s := parser.Select{Node: n}
		if s.Default().IsValid() {
			return nil
		}
		out := f.selectedPath(s.Expr(), depth)
		for name := range s.Path().Children() {
			text, _ := parser.StaticName(name)
			out = append(out, text)
		}
		return out
	}
	return nil
}

// privateKey is how files that hold one begin.
var privateKey = lazily(`^\s*(-----BEGIN ([A-Z]+ )*PRIVATE KEY( BLOCK)?-----|AGE-SECRET-KEY-1)`)

// isPrivateKey reports whether a path literal names a file of the repository
// that holds a private key as it is.
func (f *File) isPrivateKey(n parser.Node) bool {
	if !n.Is(parser.KindPath) {
		return false
	}
	target, ok := repo.Target(f.Path, parser.Path{Node: n})
	if !ok || f.Repo.Entry(target) != repo.FileEntry {
		return false
	}
	text, err := f.Repo.Text(target)
	return err == nil && privateKey().MatchString(text)
}
