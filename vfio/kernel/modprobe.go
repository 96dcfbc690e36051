package kernel

import "strings"

// Modprobe is a configuration of modprobe, as in /etc/modprobe.d or
// boot.extraModprobeConfig.
type Modprobe struct {
	Options   []ModuleOptions
	Softdeps  []Softdep
	Blacklist []ModuleLine
	// Install are modules whose loading is replaced by a command.
	Install []InstallLine
	// Unknown are lines that modprobe ignores.
	Unknown []ModuleLine
}

// ModuleLine is a line about one module.
type ModuleLine struct {
	Line   int    // from 1
	Module string // as it is written; the whole line in Modprobe.Unknown
}

// InstallLine is `install module command`.
type InstallLine struct {
	ModuleLine
	Command string
}

// ModuleOptions is `options module parameter=value …`.
type ModuleOptions struct {
	ModuleLine
	Params []Param
}

// Softdep is `softdep module pre: modules… post: modules…`.
type Softdep struct {
	ModuleLine
	Pre, Post []string
}

// ParseModprobe parses a configuration of modprobe.
func ParseModprobe(text string) *Modprobe {
	m := &Modprobe{}
	for number, line := range continuedLines(text, " ") {
		m.line(number, line)
	}
	return m
}

func (m *Modprobe) line(number int, line string) {
	if line == "" || line[0] == '#' {
		return
	}
	command, rest, _ := cutSpace(line)
	module, rest, _ := cutSpace(rest)
	l := ModuleLine{number, module}
	switch {
	case module == "":
		m.Unknown = append(m.Unknown, ModuleLine{number, line})
	case command == "options":
		m.Options = append(m.Options, ModuleOptions{l, ParseCmdline(rest)})
	case command == "blacklist":
		m.Blacklist = append(m.Blacklist, l)
	case command == "install":
		m.Install = append(m.Install, InstallLine{l, rest})
	case command == "softdep" || command == "weakdep":
		s := Softdep{ModuleLine: l}
		var to *[]string
		for _, word := range strings.Fields(rest) {
			switch {
			case word == "pre:":
				to = &s.Pre
			case word == "post:":
				to = &s.Post
			case to != nil:
				*to = append(*to, word)
			}
		}
		if command == "softdep" {
			m.Softdeps = append(m.Softdeps, s)
		}
	case command == "alias" || command == "remove":
	default:
		m.Unknown = append(m.Unknown, ModuleLine{number, line})
	}
}

// cutSpace splits at the first run of blanks.
func cutSpace(s string) (first, rest string, ok bool) {
	i := strings.IndexAny(s, " \t")
	if i < 0 {
		return s, "", false
	}
	return s[:i], strings.TrimLeft(s[i:], " \t"), true
}
