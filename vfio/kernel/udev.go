package kernel

import "strings"

// UdevRule is one rule of udev: what it matches, and what it does then.
type UdevRule struct {
	Line int // from 1
	Keys []UdevKey
}

// UdevKey is `KEY{Attr}op"value"`.
type UdevKey struct {
	Key, Attr string
	Op        string // == != = += -= :=
	Value     string
}

// Match returns the value of the match `key=="…"` or `key{attr}=="…"`.
func (r UdevRule) Match(key, attr string) (string, bool) { return r.find(key, attr, "==") }

// Set returns the value that the rule gives to a key or attribute.
func (r UdevRule) Set(key, attr string) (string, bool) {
	if v, ok := r.find(key, attr, "="); ok {
		return v, true
	}
	return r.find(key, attr, ":=")
}

func (r UdevRule) find(key, attr, op string) (string, bool) {
	for _, k := range r.Keys {
		if k.Key == key && k.Attr == attr && k.Op == op {
			return k.Value, true
		}
	}
	return "", false
}

// ParseUdev parses rules of udev. A line that is none is left out.
func ParseUdev(text string) []UdevRule {
	var rules []UdevRule
	for number, line := range continuedLines(text, "") {
		if line == "" || line[0] == '#' {
			continue
		}
		if keys := udevKeys(line); keys != nil {
			rules = append(rules, UdevRule{number, keys})
		}
	}
	return rules
}

// udevKeys splits a rule; nil if it is malformed.
func udevKeys(line string) []UdevKey {
	var keys []UdevKey
	for {
		line = strings.TrimLeft(line, " \t,")
		if line == "" {
			return keys
		}
		end := strings.IndexAny(line, "{=!+-: \t")
		if end <= 0 {
			return nil
		}
		k := UdevKey{Key: line[:end]}
		line = line[end:]
		if line[0] == '{' {
			attr, rest, ok := strings.Cut(line[1:], "}")
			if !ok {
				return nil
			}
			k.Attr, line = attr, rest
		}
		line = strings.TrimLeft(line, " \t")
		for _, op := range [...]string{"==", "!=", "+=", "-=", ":=", "="} {
			if rest, ok := strings.CutPrefix(line, op); ok {
				k.Op, line = op, rest
				break
			}
		}
		line = strings.TrimLeft(line, " \t")
		if k.Op == "" {
			return nil
		}
		// e"…" has escapes and i"…" ignores case; both are rare.
		if len(line) > 1 && (line[0] == 'e' || line[0] == 'i') && line[1] == '"' {
			line = line[1:]
		}
		if line == "" || line[0] != '"' {
			return nil
		}
		value, rest, ok := strings.Cut(line[1:], `"`)
		if !ok {
			return nil
		}
		k.Value, line = value, rest
		keys = append(keys, k)
	}
}
