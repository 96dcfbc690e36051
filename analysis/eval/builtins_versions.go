package eval

import (
	"cmp"
	"strconv"
	"strings"
)

var versionBuiltins = map[string]builtin{
	"compareVersions": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
		x, fail := ev.WantString(a[0], at)
		if fail != nil {
			return fail
		}
		y, fail := ev.WantString(a[1], at)
		if fail != nil {
			return fail
		}
		return Int(CompareVersions(x, y))
	}},
	"splitVersion": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
		s, fail := ev.WantString(a[0], at)
		if fail != nil {
			return fail
		}
		out := &List{}
		for s != "" {
			var part string
			if part, s = versionPart(s); part != "" {
				out.Elems = append(out.Elems, Done(String(part)))
			}
		}
		return out
	}},
	"parseDrvName": {1, func(ev *Evaluator, a []*Thunk, at Place) Value {
		s, fail := ev.WantString(a[0], at)
		if fail != nil {
			return fail
		}
		name, version := splitDrvName(s)
		return NewAttrs(map[string]Value{"name": String(name), "version": String(version)})
	}},
}

// CompareVersions compares two versions as builtins.compareVersions does: -1 if
// a is older than b, 0 if they are the same, 1 if a is newer.
func CompareVersions(a, b string) int {
	for a != "" || b != "" {
		var x, y string
		x, a = versionPart(a)
		y, b = versionPart(b)
		if c := compareParts(x, y); c != 0 {
			return c
		}
	}
	return 0
}

// versionPart splits the first component off: digits, or anything else between
// dots and dashes.
func versionPart(s string) (part, rest string) {
	s = strings.TrimLeft(s, ".-")
	n := 0
	if s != "" && isDigit(s[0]) {
		for n < len(s) && isDigit(s[n]) {
			n++
		}
	} else {
		for n < len(s) && !isDigit(s[n]) && s[n] != '.' && s[n] != '-' {
			n++
		}
	}
	return s[:n], s[n:]
}

// compareParts compares components: `pre` is older than anything, then come no
// component at all, text and numbers.
func compareParts(x, y string) int {
	m, xn := smallNumber(x)
	n, yn := smallNumber(y)
	switch {
	case xn && yn:
		return cmp.Compare(m, n)
	case x == y:
		return 0
	case x == "" && yn, x == "pre":
		return -1
	case y == "" && xn, y == "pre":
		return 1
	case yn:
		return -1
	case xn:
		return 1
	}
	return strings.Compare(x, y)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// smallNumber reads a number of 32 bits. Larger ones Nix takes for text.
func smallNumber(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 32)
	return n, err == nil && isDigit(s[0])
}

// splitDrvName cuts the name of a package before the first dash that no letter
// follows.
func splitDrvName(s string) (name, version string) {
	for i := range len(s) {
		if s[i] == '-' && i+1 < len(s) && !isLetter(s[i+1]) {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
