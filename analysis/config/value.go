package config

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/nixlint/nixlint/analysis/diagnostic"
)

// Entry is a value in a file of settings, with the place where it stands. An
// entry without a place is not in the file.
type Entry[T any] struct {
	Value T
	At    Pos
}

// IsSet reports whether the file has the entry.
func (e Entry[T]) IsSet() bool { return e.At.IsValid() }

// Keyed are the entries of a table whose keys are the user's, in source order.
type Keyed[T any] []KeyedEntry[T]

// KeyedEntry is one entry of a table whose keys are the user's.
type KeyedEntry[T any] struct {
	Key   Entry[string]
	Value T
}

// checked is a type of values not all of which are right.
type checked interface {
	// fault says what is wrong with the value; "" if nothing is.
	fault() string
}

// enumerated is a type of strings of which there are a few.
type enumerated interface {
	values() []string
}

// Preset is the name of a set of rules.
type Preset string

// The presets.
const (
	Recommended Preset = "recommended" // what is certain to be a mistake or a detour
	Strict      Preset = "strict"      // what is a matter of style too
	Statix      Preset = "statix"      // what statix finds, and nothing else
	Nixpkgs     Preset = "nixpkgs"     // for files of packages: nothing about machines, no opinions
	All         Preset = "all"         // every rule
)

func (Preset) values() []string {
	return []string{string(Recommended), string(Strict), string(Statix), string(Nixpkgs), string(All)}
}

// Level is the severity that a rule is given, or "off".
type Level string

func (Level) values() []string { return []string{"error", "warning", "info", "off"} }

// severity returns the severity, 0 for "off".
func (l Level) severity() diagnostic.Severity {
	s, _ := diagnostic.ParseSeverity(string(l)) // "off" is none
	return s
}

// Severity is the severity of a rule of the user's.
type Severity string

func (Severity) values() []string { return []string{"error", "warning", "info"} }

// RuleName is the name of a rule or of a group of rules.
type RuleName string

// Columns is a number of columns of text.
type Columns int

// maxColumns is far more than anybody wants, and far from an overflow.
const maxColumns = 10_000

func (n Columns) fault() string {
	switch {
	case n < 1:
		return "must be at least 1"
	case n > maxColumns:
		return fmt.Sprintf("must be at most %d", maxColumns)
	}
	return ""
}

// Count is a number of things.
type Count int

func (n Count) fault() string {
	if n < 0 {
		return "must be at least 0"
	}
	return ""
}

// OptionPath is the name of an option, its parts separated by dots. A part with
// a dot in it stands in double quotes.
type OptionPath string

// Split returns the parts, nil if it is no name of an option.
func (p OptionPath) Split() []string {
	var parts []string
	rest := string(p)
	for {
		var part string
		if quoted, ok := strings.CutPrefix(rest, `"`); ok {
			if part, rest, ok = strings.Cut(quoted, `"`); !ok || strings.Contains(part, "\n") {
				return nil
			}
		} else {
			end := strings.IndexByte(rest, '.')
			if end < 0 {
				end = len(rest)
			}
			if part, rest = rest[:end], rest[end:]; strings.ContainsAny(part, "\" \t\n") {
				return nil
			}
		}
		if part == "" {
			return nil
		}
		parts = append(parts, part)
		if rest == "" {
			return parts
		}
		var ok bool
		if rest, ok = strings.CutPrefix(rest, "."); !ok {
			return nil
		}
	}
}

func (p OptionPath) fault() string {
	if p.Split() == nil {
		return fmt.Sprintf("is not the name of an option: `%s`", string(p))
	}
	return ""
}

// Text is a string that is not empty.
type Text string

func (t Text) fault() string {
	if strings.TrimSpace(string(t)) == "" {
		return "must not be empty"
	}
	return ""
}

// Path is the path of a file or folder, relative to the folder of the file of
// settings unless it is absolute.
type Path string

func (p Path) fault() string { return Text(p).fault() }

// Regexp is a regular expression.
type Regexp string

func (r Regexp) fault() string {
	if _, err := regexp.Compile(string(r)); err != nil {
		return strings.Replace(err.Error(), "error parsing regexp: ", "is no regular expression: ", 1)
	}
	return ""
}

// Glob names files relative to the folder of the file of settings. `*` stands
// for anything but a slash, `**` for any number of folders, `{a,b}` for either.
// A glob that names a folder names all that is in it.
type Glob string

func (g Glob) fault() string {
	s := string(g)
	switch {
	case strings.TrimSpace(s) == "":
		return "must not be empty"
	case !doublestar.ValidatePattern(s):
		return "is no glob: a bracket or a brace is not closed, or a backslash stands last"
	case path.IsAbs(s):
		return "is absolute; globs are relative to the folder of nixlint.toml"
	case slices.Contains(strings.Split(s, "/"), ".."):
		return "leads out of the folder of nixlint.toml; put a nixlint.toml there"
	}
	return ""
}

// IsValid reports whether a file of settings may have the glob.
func (g Glob) IsValid() bool { return g.fault() == "" }

// matches reports whether the glob names a file, given as path relative to the
// folder of the file of settings, or a folder that the file is in.
func (g Glob) matches(file string) bool {
	pattern := strings.TrimSuffix(path.Clean(string(g)), "/")
	if pattern == "." {
		return true
	}
	for name := file; name != "."; name = path.Dir(name) {
		if doublestar.MatchUnvalidated(pattern, name) {
			return true
		}
	}
	return false
}

// firstMatch returns the index of the first glob that names a file, or -1.
func firstMatch(globs []Entry[Glob], file string) int {
	return slices.IndexFunc(globs, func(g Entry[Glob]) bool { return g.Value.matches(file) })
}

// Origin is where a setting comes from. The zero value is what holds unless
// anything is said.
type Origin struct {
	Kind OriginKind
	// Name is that of the preset, the file (absolute) or the flag.
	Name string
	Pos  // in the file
}

// OriginKind is the kind of place that a setting can come from.
type OriginKind string

// The kinds of origins.
const (
	FromDefault OriginKind = ""
	FromPreset  OriginKind = "preset"
	FromFile    OriginKind = "file"
	FromFlag    OriginKind = "flag"
)

// String describes the origin: "default", "preset strict", "--select",
// "nixlint.toml:3:1".
func (o Origin) String() string {
	switch o.Kind {
	case FromDefault:
		return "default"
	case FromPreset:
		return "preset " + o.Name
	case FromFlag:
		return o.Name
	}
	return fmt.Sprintf("%s:%d:%d", o.Name, o.Line, o.Column)
}

// Setting is a value that is in force, with where it comes from.
type Setting[T any] struct {
	Value T
	From  Origin
}
