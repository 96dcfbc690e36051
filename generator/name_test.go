package generator

import (
	"fmt"
	"strings"
	"testing"
)

// hostile are names that must not become files or attributes.
var hostile = []string{
	"", ".", "..", "../x", "a/../../x", "/etc/passwd", "/x/y", "a//b", "a/", "/", "a b/c", "with", "services/in", "rec/x", "services/or",
	"höst", "services/naïve", "日本", "a\x00b", "a\nb", "services/a\nb", "${x}", "services/${x}", "a\"b", "a;b", "-a", "services/-a", "1a", "~/x",
	"a.nix", "services/a.b", `a\b`, "services/ a", "\u202eabc", strings.Repeat("a", 300), "services/" + strings.Repeat("a", 300),
}

// TestHostileNames asks for everything by every hostile name: all are refused,
// in words that quote the name.
func TestHostileNames(t *testing.T) {
	root := t.TempDir()
	copyBase(t, root, "split")
	g := &Generator{Model: open(t, root).Model()}
	for _, name := range hostile {
		for what, q := range map[string]request{
			"module":      {Module: &Module{Name: name}},
			"home module": {Module: &Module{Name: name, Home: true}},
			"host":        {Host: &Host{Name: name}},
			"user":        {User: &User{Name: name}},
			"guest":       {VM: &VM{Name: name, Host: "desk"}},
			"importer":    {Module: &Module{Name: "a/b", ImportIn: name + "?"}},
			"owner":       {User: &User{Name: "bob", Hosts: []string{name}}},
			"account":     {Host: &Host{Name: "attic", Users: []string{name}}},
			"entry":       {Host: &Host{Name: "attic", Modules: []string{name}}},
			"group":       {User: &User{Name: "bob", Groups: []string{name}}},
			"machine":     {VM: &VM{Name: "x", Host: name}},
			"option":      {Module: &Module{Name: "a/b", Options: []string{name + ":str"}}},
			"screen":      {VM: &VM{Name: "x", Host: "desk", Resolution: name + "?"}},
		} {
			p, err := q.plan(g)
			if err == nil {
				t.Errorf("%s %q is made: %+v", what, name, p)
			} else if !strings.Contains(err.Error(), "`") || strings.ContainsAny(err.Error(), "\x00\n") {
				t.Errorf("%s %q: %v", what, name, fmt.Sprintf("%q", err))
			}
		}
	}
}

// TestHostileTexts checks that texts stand in strings and stay there.
func TestHostileTexts(t *testing.T) {
	root := t.TempDir()
	copyBase(t, root, "split")
	for _, text := range []string{`"; x = "`, "${builtins.abort \"\"}", "''${x}", "a\nb", `\`, "\\${x}", "日本\u202e", "$${x}", "*/ # {"} {
		for _, q := range []request{
			{User: &User{Name: "bob", Description: text}},
			{Module: &Module{Name: "a/b", Options: []string{"x:str=" + text}}},
		} {
			p, err := q.plan(&Generator{Model: open(t, root).Model()})
			if err != nil {
				if !strings.Contains(err.Error(), "no Nix expression") {
					t.Errorf("%q: %v", text, err)
				}
				continue
			}
			after, err := p.Overlay()
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range p.Files {
				if strings.Contains(after[f.Path], text) && strings.Contains(text, "${b") {
					t.Errorf("%q is not quoted in\n%s", text, f.Text)
				}
			}
		}
	}
}
