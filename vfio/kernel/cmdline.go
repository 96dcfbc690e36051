package kernel

import (
	"fmt"
	"strconv"
	"strings"
)

// Param is one parameter of the kernel command line or of a module.
type Param struct {
	Name     string // as it is written
	Value    string // without quotes
	HasValue bool   // whether there is a `=`
	// Start and End are byte offsets of the parameter in the text it was
	// parsed from.
	Start, End int
}

// String returns the parameter as it is written on a command line.
func (p Param) String() string {
	if !p.HasValue {
		return p.Name
	}
	if strings.ContainsAny(p.Value, " \t\n") {
		return p.Name + `="` + p.Value + `"`
	}
	return p.Name + "=" + p.Value
}

// Is tells whether the parameter has the given name.
func (p Param) Is(name string) bool { return SameName(p.Name, name) }

// Module splits the parameter of a module, such as vfio-pci.ids, into the
// module's name, with underscores, and its own. The module is empty for
// parameters of the kernel itself.
func (p Param) Module() (module, name string) {
	module, name, ok := strings.Cut(p.Name, ".")
	if !ok {
		return "", p.Name
	}
	return ModuleName(module), name
}

// ParseCmdline splits a kernel command line as the kernel does: at white space
// that is not between double quotes. Everything after a lone `--` is for the
// first process and left out.
func ParseCmdline(line string) []Param {
	var params []Param
	for i := 0; i < len(line); {
		if isSpace(line[i]) {
			i++
			continue
		}
		start, quoted := i, false
		for i < len(line) && (quoted || !isSpace(line[i])) {
			if line[i] == '"' {
				quoted = !quoted
			}
			i++
		}
		word := line[start:i]
		if word == "--" {
			break
		}
		p := Param{Start: start, End: i}
		// Quotes may enclose the whole parameter or its value.
		p.Name, p.Value, p.HasValue = strings.Cut(strings.TrimPrefix(word, `"`), "=")
		if word[0] == '"' && !p.HasValue {
			p.Name = strings.TrimSuffix(p.Name, `"`)
		}
		p.Value = strings.TrimSuffix(strings.TrimPrefix(p.Value, `"`), `"`)
		params = append(params, p)
	}
	return params
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// ParseSize parses a number of bytes as the kernel does: decimal, octal or
// hexadecimal, with one of the suffixes K, M, G, T, P, E. Nothing may follow.
func ParseSize(s string) (uint64, error) {
	digits := s
	shift := 0
	if s != "" {
		if i := strings.IndexByte("KMGTPE", s[len(s)-1]&^0x20); i >= 0 && !strings.HasPrefix(s, "0x") {
			digits, shift = s[:len(s)-1], 10*(i+1)
		}
	}
	n, err := strconv.ParseUint(digits, 0, 64)
	if err != nil || strings.Contains(digits, "_") {
		return 0, fmt.Errorf("`%s` is not a size such as `2M` or `1G`", clip(s))
	}
	if n<<shift>>shift != n {
		return 0, fmt.Errorf("the size `%s` is too large", clip(s))
	}
	return n << shift, nil
}

func clip(s string) string { return s[:min(len(s), 64)] }
