package config

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Settings are those in force for a file. Files with the same settings share
// them: they can be told apart by their address, and are never changed.
type Settings struct {
	// Files are the files of settings that are in force, absolute, the
	// outermost first.
	Files []string

	Preset    Setting[Preset]        // what the rules began with; "" if a list selects them
	Rules     map[string]RuleSetting // of all rules, by name
	UserRules []UserRule             // in the order they are defined, the outermost file's first

	CheckExcluded Setting[bool] // whether the file is not to be checked
	FmtExcluded   Setting[bool] // whether the file is not to be formatted

	Width  Setting[int] // columns of a line, not counting its indentation
	Indent Setting[int] // columns of one step of indentation
	Strict Setting[bool]

	Baseline Setting[string] // file of known findings, absolute; "" if there is none
	// Snapshots are the files of recorded hardware by host, Inputs the folders
	// of flake inputs by name, all absolute.
	Snapshots map[string]Setting[string]
	Inputs    map[string]Setting[string]
	// Guests are the names of options that describe virtual machines, MaxAge
	// the days after which a snapshot is old; 0 for never.
	Guests []Setting[OptionPath]
	MaxAge Setting[int]

	reachable []located
}

// located is a glob with the folder that it is relative to.
type located struct {
	glob Glob
	dir  string
	from Origin
}

// Reachable reports whether a file, given by its absolute name, is in use
// although nothing in the repository says so.
func (s *Settings) Reachable(name string) bool {
	return slices.ContainsFunc(s.reachable, func(l located) bool {
		rel, ok := relative(l.dir, name)
		return ok && l.glob.matches(rel)
	})
}

// checkPaths looks for paths that lead nowhere. That of a baseline may: it is
// written later.
func (s *Settings) checkPaths() Errors {
	var errs Errors
	for _, dir := range s.Inputs {
		if info, err := os.Stat(dir.Value); err != nil || !info.IsDir() {
			errs = append(errs, &Error{dir.From.Name, dir.From.Pos, fmt.Sprintf("there is no folder `%s`", dir.Value)})
		}
	}
	for _, file := range s.Snapshots {
		if info, err := os.Stat(file.Value); err != nil || info.IsDir() {
			errs = append(errs, &Error{file.From.Name, file.From.Pos, fmt.Sprintf("there is no file `%s`; `nixlint vfio snapshot` writes it on the host", file.Value)})
		}
	}
	slices.SortFunc(errs, func(a, b *Error) int { return cmp.Or(strings.Compare(a.File, b.File), comparePos(a.Pos, b.Pos)) })
	return errs
}

// relative returns a file's slash-separated path relative to a folder, if it is
// in it. Both names are absolute and clean.
func relative(dir, name string) (string, bool) {
	rel, err := filepath.Rel(dir, name)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// layer is a file of settings and the folder that it holds for.
type layer struct {
	*File
	name string // absolute
	dir  string
	own  map[string]Pos // its rules by name
}

func (l *layer) from(at Pos) Origin { return Origin{FromFile, l.name, at} }

// path makes a path of the file absolute.
func (l *layer) path(p Path) string {
	if filepath.IsAbs(string(p)) {
		return filepath.Clean(string(p))
	}
	return filepath.Join(l.dir, filepath.FromSlash(string(p)))
}

// match says which globs of the layers name a file: for each layer one index
// for each of the three lists of excluded files, -1 for none, and one number
// for each glob about single files and for each rule, 1 if it is for the file.
type match []int

// tellsFilesApart reports whether the settings of a file depend on its name.
func (l *layer) tellsFilesApart() bool {
	return len(l.Exclude)+len(l.Check.Exclude)+len(l.Fmt.Exclude)+len(l.Check.PerFile) > 0 ||
		slices.ContainsFunc(l.Rules, func(r RuleTable) bool { return len(r.Files) > 0 })
}

func matchLayers(layers []*layer, name string) match {
	var m match
	for _, l := range layers {
		rel, ok := relative(l.dir, name)
		if !ok {
			rel = filepath.ToSlash(name)
		}
		m = append(m, firstMatch(l.Exclude, rel), firstMatch(l.Check.Exclude, rel), firstMatch(l.Fmt.Exclude, rel))
		for _, p := range l.Check.PerFile {
			hit := 0
			if Glob(p.Key.Value).matches(rel) {
				hit = 1
			}
			m = append(m, hit)
		}
		for _, r := range l.Rules {
			hit := 0
			if len(r.Files) == 0 || firstMatch(r.Files, rel) >= 0 {
				hit = 1
			}
			m = append(m, hit)
		}
	}
	return m
}

// resolve makes the settings for the files for which the globs of the layers
// match in the given way.
func (c *Config) resolve(rules []Rule, layers []*layer, m match) *Settings {
	s := &Settings{
		Preset: Setting[Preset]{Value: Recommended},
		Width:  Setting[int]{Value: defaultWidth}, Indent: Setting[int]{Value: defaultIndent},
		MaxAge:    Setting[int]{Value: defaultMaxAge},
		Snapshots: make(map[string]Setting[string]), Inputs: make(map[string]Setting[string]),
	}
	ch := &choosing{rules: rules, settings: make(map[string]RuleSetting, len(rules)), kept: make(map[string]bool)}
	ch.preset(Recommended, Origin{FromPreset, string(Recommended), Pos{}})
	excluded := func(l *layer, into *Setting[bool], globs []Entry[Glob], hit int) {
		if hit >= 0 && !into.Value {
			*into = Setting[bool]{true, l.from(globs[hit].At)}
		}
	}
	type perFile struct {
		choice Choice
		from   source
	}
	var singles []perFile
	notFor := make(map[string]Origin) // rules of the user's that are for other files
	for _, l := range layers {
		s.Files = append(s.Files, l.name)
		s.UserRules = append(s.UserRules, l.userRules(l.name)...)
		l.resolveCheck(s, ch)
		l.resolveOthers(s)
		excluded(l, &s.CheckExcluded, l.Exclude, m[0])
		excluded(l, &s.FmtExcluded, l.Exclude, m[0])
		excluded(l, &s.CheckExcluded, l.Check.Exclude, m[1])
		excluded(l, &s.FmtExcluded, l.Fmt.Exclude, m[2])
		m = m[3:]
		for i, p := range l.Check.PerFile {
			if m[i] == 1 {
				singles = append(singles, perFile{p.Value, func(_ string, at Pos) Origin { return l.from(at) }})
			}
		}
		m = m[len(l.Check.PerFile):]
		for i, r := range l.Rules {
			if m[i] == 0 {
				notFor[string(r.Name.Value)] = l.from(r.Files[0].At)
			}
		}
		m = m[len(l.Rules):]
	}
	for _, p := range singles {
		ch.applyPerFile(p.choice, p.from)
	}
	ch.applyFlags(c.flags)
	for rule, from := range notFor {
		ch.set(rule, false, from)
	}
	if c.flags.Select != nil {
		s.Preset = Setting[Preset]{From: Origin{Kind: FromFlag, Name: "--select"}}
	}
	s.Rules = ch.settings
	return s
}

// resolveCheck goes through the table [check], except what is about single
// files.
func (l *layer) resolveCheck(s *Settings, ch *choosing) {
	t := &l.Check
	if t.Preset.IsSet() {
		s.Preset = Setting[Preset]{t.Preset.Value, l.from(t.Preset.At)}
		ch.preset(t.Preset.Value, Origin{FromPreset, string(t.Preset.Value), Pos{}})
	}
	if t.Select != nil {
		s.Preset = Setting[Preset]{From: l.from(firstPlace(t.Select))}
	}
	ch.apply(t.Choice, l.own, func(_ string, at Pos) Origin { return l.from(at) })
	if t.RequireReason.IsSet() {
		ch.set(reasonRule, t.RequireReason.Value, l.from(t.RequireReason.At))
	}
	if t.Baseline.IsSet() {
		s.Baseline = Setting[string]{l.path(t.Baseline.Value), l.from(t.Baseline.At)}
	}
}

// resolveOthers goes through the other tables.
func (l *layer) resolveOthers(s *Settings) {
	setNumber := func(into *Setting[int], e Entry[Columns]) {
		if e.IsSet() {
			*into = Setting[int]{int(e.Value), l.from(e.At)}
		}
	}
	setNumber(&s.Width, l.Fmt.Width)
	setNumber(&s.Indent, l.Fmt.Indent)
	if e := l.Fmt.Strict; e.IsSet() {
		s.Strict = Setting[bool]{e.Value, l.from(e.At)}
	}
	for _, g := range l.Repo.Reachable {
		s.reachable = append(s.reachable, located{g.Value, l.dir, l.from(g.At)})
	}
	for _, h := range l.Hosts {
		if e := h.Value.Snapshot; e.IsSet() {
			s.Snapshots[h.Key.Value] = Setting[string]{l.path(e.Value), l.from(e.At)}
		}
	}
	for _, g := range l.VFIO.Guests {
		s.Guests = append(s.Guests, Setting[OptionPath]{g.Value, l.from(g.At)})
	}
	if e := l.VFIO.MaxAge; e.IsSet() {
		s.MaxAge = Setting[int]{int(e.Value), l.from(e.At)}
	}
	for _, i := range l.Inputs {
		s.Inputs[i.Key.Value] = Setting[string]{l.path(i.Value.Value), l.from(i.Value.At)}
	}
}

// What holds unless a file of settings says otherwise: of the layout, nixfmt's
// own.
const (
	defaultWidth  = 100
	defaultIndent = 2
	defaultMaxAge = 180
)

func comparePos(a, b Pos) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// SnapshotFiles returns the files of recorded hardware, by host.
func (s *Settings) SnapshotFiles() map[string]string {
	out := make(map[string]string, len(s.Snapshots))
	for host, file := range s.Snapshots {
		out[host] = file.Value
	}
	return out
}
