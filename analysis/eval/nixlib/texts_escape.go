package nixlib

import (
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
)

// escapeAll replaces characters of a string, the unknown parts of which may
// have some too.
func escapeAll(ev *eval.Evaluator, t *eval.Thunk, at eval.Place, chars []string, escape func(c string) string) eval.Value {
	from, to := make([]eval.Value, len(chars)), make([]eval.Value, len(chars))
	for i, c := range chars {
		from[i], to[i] = eval.String(c), eval.String(escape(c))
	}
	return ev.Builtin("replaceStrings", at, eval.Done(eval.NewList(from...)), eval.Done(eval.NewList(to...)), t)
}

// hexByte writes the first byte of a string in two digits.
func hexByte(c, digits string) string {
	if c == "" {
		return "00"
	}
	return string([]byte{digits[c[0]>>4], digits[c[0]&15]})
}

func escapeURL(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; isWordByte(c) || strings.IndexByte("-_.~", c) >= 0 || c >= 0x80 {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + hexByte(s[i:], "0123456789ABCDEF"))
		}
	}
	return b.String()
}

func isWordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// escapeIdentifier quotes a name unless it is an identifier. `or` it quotes, too.
func escapeIdentifier(s string) string {
	if s != "or" && eval.IsIdentifier(s) {
		return s
	}
	return strings.ReplaceAll(eval.QuoteJSON(s), "$", `\$`)
}

func shellArg(ev *eval.Evaluator, t *eval.Thunk, at eval.Place) eval.Value {
	switch s := ev.ToString(ev.Force(t), at).(type) {
	case eval.String:
		if s != "" && strings.IndexFunc(string(s), func(r rune) bool {
			return r >= 0x80 || !isWordByte(byte(r)) && !strings.ContainsRune(",._+:@%/-", r)
		}) < 0 {
			return s
		}
		return eval.String("'" + strings.ReplaceAll(string(s), "'", `'\''`) + "'")
	case *eval.Text:
		return s.Derive()
	case *eval.Unknown:
		return s.Derive()
	default:
		return s
	}
}

func shellArgs(ev *eval.Evaluator, t *eval.Thunk, at eval.Place) eval.Value {
	escape := native("lib.escapeShellArg", 1, func(ev *eval.Evaluator, b []*eval.Thunk, at eval.Place) eval.Value {
		return shellArg(ev, b[0], at)
	})
	return joined(ev, eval.Done(eval.String(" ")), ev.Builtin("map", at, escape, t), at)
}

func isPosixName(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isWordByte(c) && c != '_' || i == 0 && '0' <= c && c <= '9' {
			return false
		}
	}
	return s != ""
}

func toShellVar(ev *eval.Evaluator, a []*eval.Thunk, at eval.Place) eval.Value {
	name, fail := ev.WantString(a[0], at)
	if fail != nil {
		return fail
	}
	if !isPosixName(name) {
		return &eval.Error{Kind: eval.ErrorThrow, Message: "`" + name + "` is not a valid name of a shell variable", At: at}
	}
	v := ev.Force(a[1])
	if _, ok := v.(*eval.List); ok {
		return plus(ev, at, eval.String("declare -a "+name+"=("), shellArgs(ev, a[1], at), eval.String(")"))
	}
	if s, ok := v.(*eval.Attrs); ok && isStringLike(s) == eval.Value(eval.Bool(false)) {
		entry := native("lib.toShellVar", 2, func(ev *eval.Evaluator, b []*eval.Thunk, at eval.Place) eval.Value {
			return plus(ev, at, eval.String("["), shellArg(ev, b[0], at), eval.String("]="), shellArg(ev, b[1], at))
		})
		entries := joined(ev, eval.Done(eval.String(" ")), mapAttrsToList(ev, []*eval.Thunk{entry, a[1]}, at), at)
		return plus(ev, at, eval.String("declare -A "+name+"=("), entries, eval.String(")"))
	}
	return plus(ev, at, eval.String(name+"="), shellArg(ev, a[1], at))
}

// sanitizeName makes a name that a derivation can have.
func sanitizeName(s string) string {
	s = strings.TrimLeft(s, ".")
	var b strings.Builder
	replaced := false
	for i := range len(s) {
		c := s[i]
		if isWordByte(c) || strings.IndexByte("+._?=-", c) >= 0 {
			b.WriteByte(c)
			replaced = false
		} else if !replaced {
			b.WriteByte('-')
			replaced = true
		}
	}
	const most = 207 // characters, without the extension .drv
	name := b.String()
	if len(name) > most {
		name = name[len(name)-most:]
	}
	if name == "" {
		return "unknown"
	}
	return name
}
