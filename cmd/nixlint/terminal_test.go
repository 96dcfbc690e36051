package main

import (
	"strings"
	"testing"
)

func TestShowsLinks(t *testing.T) {
	for settings, want := range map[string]bool{
		"":                             false,
		"TERM=xterm-256color":          false,
		"TERM=xterm-kitty":             true,
		"TERM=xterm-kitty CI=true":     false,
		"TERM_PROGRAM=vscode":          true,
		"VTE_VERSION=7600":             true,
		"VTE_VERSION=4200":             false,
		"TERM=dumb WT_SESSION=1":       false,
		"WT_SESSION=1":                 true,
		"FORCE_HYPERLINK=1":            true,
		"TERM=foot FORCE_HYPERLINK=0":  false,
		"TERM_PROGRAM=Apple_Terminal":  false,
		"KONSOLE_VERSION=230400 x=y":   true,
		"VTE_VERSION=none TERM=screen": false,
	} {
		env := make(map[string]string)
		for s := range strings.FieldsSeq(settings) {
			name, value, _ := strings.Cut(s, "=")
			env[name] = value
		}
		if got := showsLinks(func(name string) string { return env[name] }); got != want {
			t.Errorf("%q: %v, want %v", settings, got, want)
		}
	}
}
