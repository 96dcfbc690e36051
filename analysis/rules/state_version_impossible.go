package rules

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

var stateVersionImpossible = &Rule{
	Name:     "state-version-impossible",
	Group:    "meta",
	Severity: diagnostic.Error,
	Default:  true,
	Since:    "0.1.0",
	Summary:  "a state version is no release",
	Why: `The state version is the release of NixOS or home-manager that a machine was installed with, as a string: ` + "`\"25.11\"`" + `. Releases come in
May and November, and are called after year and month. Without quotes the version is a number, and is refused. home-manager refuses a release that it does not
know; NixOS compares a wrong one with others, and services take other defaults than they should.

A release that is newer than the locked nixpkgs is a warning: no machine was installed with it. Whole numbers, which nix-darwin has, are left alone.`,
	Bad:   "{\n  system.stateVersion = \"2511\";\n}\n",
	Good:  "{\n  system.stateVersion = \"25.11\";\n}\n",
	Fix:   NoFix,
	Ahead: stateVersions.look,
	Repo: func(r *Repo) {
		newest := r.newestRelease()
		for f := range r.Checked() {
			for _, value := range stateVersions.of(r, f) {
				r.impossibleVersion(f, value, newest)
			}
		}
	},
}

// stateVersions are the values that a file gives to something called stateVersion.
var stateVersions = &perFile[[]parser.Node]{func(_ *Repo, f *repo.File) (values []parser.Node) {
	if repo.IsExcused(f.Path) || !strings.Contains(f.Text, "Version") {
		return nil
	}
	for id := range f.Tree.NodeCount() {
		if value := stateVersionIn(f.Tree.Node(parser.NodeID(id))); value.IsValid() {
			values = append(values, value)
		}
	}
	return values
}}

// stateVersionIn returns what a node gives to something called stateVersion, if it does.
func stateVersionIn(n parser.Node) (value parser.Node) {
	switch n.Kind() {
	case parser.KindBinding:
		b := parser.Binding{Node: n}
		if name, _ := parser.StaticName(b.Path().LastChild()); name != "stateVersion" {
			return parser.Node{}
		}
		value = parser.Unparen(b.Value())
		if value.Is(parser.KindApply) {
			a := parser.Apply{Node: value}
			value = parser.Unparen(a.Arg(a.ArgCount() - 1))
		}
	case parser.KindFormal:
		if f := (parser.Formal{Node: n}); f.Name().Text() == "stateVersion" && f.Default().IsValid() {
			value = parser.Unparen(f.Default())
		}
	}
	return value
}

var (
	release      = lazily(`^([0-9]{2})\.([0-9]{2})$`)
	nearlyNumber = lazily(`^[0-9]{2}[.,_ -]?[0-9]{1,2}(\.[0-9]+)?$`)
)

// impossibleVersion reports a literal that no release is called.
func (r *Repo) impossibleVersion(f *repo.File, value parser.Node, newest int) {
	d := diagnostic.Diagnostic{File: f.Path, Span: value.Span()}
	switch value.Kind() {
	case parser.KindFloat:
		d.Message = fmt.Sprintf("the state version `%s` is a number", value.Text())
		d.Help = fmt.Sprintf("write it in quotes: `\"%s\"`", value.Text())
	case parser.KindString:
		text, static := parser.String{Node: value}.Static()
		if !static || !nearlyNumber().MatchString(text) {
			return
		}
		number, ok := releaseNumber(release(), text)
		switch {
		case !ok:
			d.Message = fmt.Sprintf("there is no release `%s`", text)
			d.Help = "releases are called after year and month, `05` or `11`: `25.11`"
		case number > newest:
			d.Message = fmt.Sprintf("the state version `%s` is newer than the nixpkgs of this repository", text)
			d.Help = "give the release that the machine was installed with"
			d.Severity = diagnostic.Warning
		default:
			return
		}
	default:
		return
	}
	r.Report(d)
}

// releaseNumber returns year and month of a release as one number, such as 2511.
func releaseNumber(form *regexp.Regexp, text string) (number int, ok bool) {
	m := form.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	year, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[2])
	switch {
	case year < 13:
		return 0, false
	case year < 21: // in these years they came in other months
		ok = month >= 3 && month <= 12
	case year == 21 && month == 3:
		ok = true // what became 21.05 was called so for most of its time
	default:
		ok = month == 5 || month == 11
	}
	return year*100 + month, ok
}

// newestRelease returns the newest release, as a number such as 2511, that the nixpkgs of
// the repository may be: that of the half year after its last change.
func (r *Repo) newestRelease() int {
	const ahead = 6 * 30 * 24 * time.Hour
	f := r.Model.Flake()
	if f == nil || f.Lock == nil {
		return 9911
	}
	newest := 0
	for _, in := range f.Inputs {
		n := f.Lock.Find(in.Name)
		if n == nil || n.LastModified == 0 || in.Ref == nil || !in.Ref.IsNixpkgs() {
			continue
		}
		at := time.Unix(n.LastModified, 0).Add(ahead).UTC()
		newest = max(newest, (at.Year()%100)*100+int(at.Month()))
	}
	if newest == 0 {
		return 9911
	}
	return newest
}
