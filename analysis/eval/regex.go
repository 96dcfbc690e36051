package eval

import (
	"errors"
	"regexp"
	"strings"
)

// regex is a POSIX extended regular expression, as match and split take them.
// Nix matches bytes, so texts and patterns with others than ASCII characters
// are matched as if each byte were a character.
type regex struct {
	whole  *regexp.Regexp // matches a whole text
	search *regexp.Regexp // finds a match
	// inner finds a match behind the start of the text, where `^` is none.
	inner *regexp.Regexp
	err   error
}

// maxRegexps bounds the number of regular expressions that are kept.
const maxRegexps = 1000

// regex compiles a regular expression or finds it among those compiled.
func (ev *Evaluator) regex(pattern string) *regex {
	if r := ev.regexps[pattern]; r != nil {
		return r
	}
	if ev.regexps == nil || len(ev.regexps) >= maxRegexps {
		ev.regexps = make(map[string]*regex)
	}
	r := compileRegex(pattern)
	ev.regexps[pattern] = r
	return r
}

func compileRegex(pattern string) *regex {
	start, err := translateRegex(pattern, `\A`)
	if err != nil {
		return &regex{err: err}
	}
	r := &regex{}
	compile := func(p string) *regexp.Regexp {
		re, err := regexp.Compile("(?s)" + p)
		if err != nil {
			r.err = errors.New("it is not valid")
			return nil
		}
		re.Longest()
		return re
	}
	r.whole = compile(`\A(?:` + start + `)\z`)
	r.search = compile(start)
	r.inner = r.search
	if inner, _ := translateRegex(pattern, `[^\x00-\x{10FFFF}]`); inner != start {
		r.inner = compile(inner)
	}
	return r
}

// translateRegex writes a POSIX regular expression as Go does, the start of the
// text being matched by the expression given.
func translateRegex(p, start string) (string, error) {
	var b strings.Builder
	atom := -1        // where in b the last atom starts; -1 if there is none
	repeated := false // the atom has a repetition already
	var groups []int  // where in b the open groups start
	add := func(s string) {
		atom, repeated = b.Len(), false
		b.WriteString(s)
	}
	for i := 0; i < len(p); {
		switch c := p[i]; c {
		case '\\':
			i++
			if i == len(p) {
				return "", errors.New("it ends in a backslash")
			}
			add(regexp.QuoteMeta(widen(p[i : i+1])))
			i++
		case '[':
			set, n, err := translateSet(p[i:])
			if err != nil {
				return "", err
			}
			add(set)
			i += n
		case '(':
			groups = append(groups, b.Len())
			add("(")
			atom = -1
			i++
		case ')':
			if len(groups) == 0 {
				return "", errors.New("a `)` has no `(`")
			}
			b.WriteByte(')')
			atom, repeated = groups[len(groups)-1], false
			groups = groups[:len(groups)-1]
			i++
		case '*', '+', '?', '{':
			times, n, err := repetition(p[i:])
			if err != nil {
				return "", err
			}
			if atom < 0 {
				return "", errors.New("there is nothing to repeat before `" + p[i:i+n] + "`")
			}
			if repeated {
				// Go takes a second repetition for something else.
				again := b.String()[atom:]
				head := b.String()[:atom]
				b.Reset()
				b.WriteString(head + "(?:" + again + ")")
			}
			b.WriteString(times)
			repeated = true
			i += n
		case '|':
			b.WriteByte('|')
			atom = -1
			i++
		case '^':
			b.WriteString(start)
			atom = -1
			i++
		case '$':
			b.WriteString(`\z`)
			atom = -1
			i++
		case '.':
			add(".")
			i++
		default:
			add(regexp.QuoteMeta(widen(p[i : i+1])))
			i++
		}
	}
	if len(groups) > 0 {
		return "", errors.New("a `(` has no `)`")
	}
	return b.String(), nil
}

// repetition reads `*`, `+`, `?` or `{m,n}` and returns its length.
func repetition(p string) (times string, length int, err error) {
	if p[0] != '{' {
		return p[:1], 1, nil
	}
	end := strings.IndexByte(p, '}')
	if end < 0 {
		return "", 0, errors.New("a `{` has no `}`")
	}
	low, high, _ := strings.Cut(p[1:end], ",")
	if low == "" || strings.Trim(low+high, "0123456789") != "" {
		return "", 0, errors.New("`" + p[:end+1] + "` is no repetition")
	}
	return p[:end+1], end + 1, nil
}

// translateSet translates a set in brackets and returns its length.
func translateSet(p string) (string, int, error) {
	unclosed := errors.New("a `[` has no `]`")
	var b strings.Builder
	b.WriteByte('[')
	i := 1
	if i < len(p) && p[i] == '^' {
		b.WriteByte('^')
		i++
	}
	for first := true; ; first = false {
		switch {
		case i >= len(p):
			return "", 0, unclosed
		case p[i] == ']' && !first:
			b.WriteByte(']')
			return b.String(), i + 1, nil
		case strings.HasPrefix(p[i:], "[:"):
			end := strings.Index(p[i:], ":]")
			if end < 0 {
				return "", 0, unclosed
			}
			b.WriteString(p[i : i+end+2])
			i += end + 2
		case strings.HasPrefix(p[i:], "[=") || strings.HasPrefix(p[i:], "[."):
			// A class or name of a single character is that character.
			if i+4 >= len(p) || p[i+3] != p[i+1] || p[i+4] != ']' {
				return "", 0, errors.New("a name in brackets is not supported")
			}
			b.WriteString(quoteInSet(p[i+2]))
			i += 5
		case p[i] == '-':
			// Between two characters it makes a range, else it is itself.
			if !first && i+1 < len(p) && p[i+1] != ']' {
				b.WriteByte('-')
			} else {
				b.WriteString(`\-`)
			}
			i++
		default:
			b.WriteString(quoteInSet(p[i]))
			i++
		}
	}
}

func quoteInSet(c byte) string {
	if strings.IndexByte(`\[]^-&~`, c) >= 0 {
		return `\` + string(rune(c))
	}
	return string(rune(c))
}

// widen makes a character of each byte, so that a byte is matched as one.
func widen(s string) string {
	if isASCII(s) {
		return s
	}
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}

// narrow undoes widen.
func narrow(s string) string {
	if isASCII(s) {
		return s
	}
	out := make([]byte, 0, len(s))
	for _, r := range s {
		out = append(out, byte(r))
	}
	return string(out)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

var regexBuiltins = map[string]builtin{
	"match": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
		re, s, fail := ev.regexArgs(a, at)
		if fail != nil {
			return fail
		}
		m := re.whole.FindStringSubmatchIndex(s)
		if m == nil {
			return Null{}
		}
		return groupsOf(s, m)
	}},
	"split": {2, func(ev *Evaluator, a []*Thunk, at Place) Value {
		re, s, fail := ev.regexArgs(a, at)
		if fail != nil {
			return fail
		}
		out := &List{}
		kept := 0 // end of the last match
		for from := 0; from <= len(s); {
			find := re.search
			if from > 0 {
				find = re.inner
			}
			m := find.FindStringSubmatchIndex(s[from:])
			if m == nil {
				break
			}
			if u := ev.step(); u != nil {
				return u
			}
			out.Elems = append(out.Elems, Done(String(narrow(s[kept:from+m[0]]))), Done(groupsOf(s[from:], m)))
			kept = from + m[1]
			if from = kept; m[0] == m[1] {
				from += runeLen(s[from:])
			}
		}
		out.Elems = append(out.Elems, Done(String(narrow(s[kept:]))))
		return out
	}},
}

// runeLen is the length of the first character, 1 at the end.
func runeLen(s string) int {
	if s != "" && s[0] >= 0x80 {
		return 2 // none beyond U+00FF occurs
	}
	return 1
}

// regexArgs reads the arguments of match and split, the text widened.
func (ev *Evaluator) regexArgs(a []*Thunk, at Place) (*regex, string, Value) {
	pattern, fail := ev.WantString(a[0], at)
	if fail != nil {
		return nil, "", fail
	}
	re := ev.regex(pattern)
	if re.err != nil {
		return nil, "", Errorf(argAt(a[0], at), "invalid regular expression `%s`: %s", pattern, re.err)
	}
	s, fail := ev.WantString(a[1], at)
	if fail != nil {
		return nil, "", fail
	}
	return re, widen(s), nil
}

// groupsOf makes a list of what the groups of a match are; one that took no
// part is null.
func groupsOf(s string, m []int) Value {
	out := &List{}
	for i := 2; i < len(m); i += 2 {
		if m[i] < 0 {
			out.Elems = append(out.Elems, Done(Null{}))
		} else {
			out.Elems = append(out.Elems, Done(String(narrow(s[m[i]:m[i+1]]))))
		}
	}
	return out
}
