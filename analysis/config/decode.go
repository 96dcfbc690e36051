package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/repo"
)

// Parse reads a file of settings. Names of rules are not looked at: which there
// are depends on the files above. With errors the result lacks what they are
// about; it is nil if the file is not TOML.
func Parse(file string, data []byte) (*File, Errors) {
	root, err := parseTOML(file, data)
	if err != nil {
		return nil, Errors{err}
	}
	d := decoder{file: file}
	var f File
	d.table(root, reflect.ValueOf(&f).Elem(), "")
	d.checkRules(f.Rules)
	return &f, d.errs
}

// decoder fills the types of file.go.
type decoder struct {
	file string
	errs Errors
}

func (d *decoder) fail(at Pos, format string, args ...any) {
	d.errs = append(d.errs, &Error{d.file, at, fmt.Sprintf(format, args...)})
}

// setting is a key of a table with a fixed set of keys.
type setting struct {
	key   string
	field reflect.StructField
	index []int
}

// settingsOf returns the keys of a table, those of embedded structs included.
func settingsOf(t reflect.Type) []setting {
	var out []setting
	for _, f := range reflect.VisibleFields(t) {
		if key := f.Tag.Get("toml"); key != "" {
			out = append(out, setting{key, f, f.Index})
		}
	}
	return out
}

// table fills a struct from a table that has the given name in messages.
func (d *decoder) table(n *node, into reflect.Value, name string) {
	if n.kind != tableNode {
		d.fail(n.at, "`%s` is a table, not %s", name, nodeKindNames[n.kind])
		return
	}
	settings := settingsOf(into.Type())
	for _, p := range n.keys {
		i := slices.IndexFunc(settings, func(s setting) bool { return s.key == p.key })
		if i < 0 {
			d.unknownKey(p, name, settings)
			continue
		}
		d.value(p.value, p.at, into.FieldByIndex(settings[i].index), join(name, p.key))
	}
	for _, s := range settings {
		if s.field.Tag.Get("need") != "" && n.get(s.key) == nil {
			d.fail(n.at, "`[[%s]]` has no `%s`", name, s.key)
		}
	}
}

func join(table, key string) string {
	if table == "" {
		return key
	}
	return table + "." + key
}

// unknownKey says which key may have been meant: one that is spelt alike, or
// one of another table.
func (d *decoder) unknownKey(p pair, table string, settings []setting) {
	var keys []string
	for _, s := range settings {
		keys = append(keys, s.key)
	}
	where := ""
	if table != "" {
		where = fmt.Sprintf(" in `[%s]`", table)
	}
	if near := nearestKey(p.key, keys); near != "" {
		d.fail(p.at, "unknown key `%s`%s: did you mean `%s`?", p.key, where, near)
		return
	}
	d.fail(p.at, "unknown key `%s`%s; there are %s", p.key, where, strings.Join(keys, ", "))
}

// nearestKey returns the key that may have been meant: one of the same table,
// or else the dotted name of one of another; "" if there is none.
func nearestKey(key string, keys []string) string {
	all := allKeys()
	var last []string
	for _, full := range all {
		last = append(last, full[strings.LastIndexByte(full, '.')+1:])
	}
	if i := slices.Index(last, key); i >= 0 {
		return all[i]
	}
	if near := repo.Nearest(key, keys); near != "" {
		return near
	}
	if near := repo.Nearest(key, last); near != "" {
		return all[slices.Index(last, near)]
	}
	return ""
}

// allKeys returns the keys of the tables that have a fixed place, dotted.
func allKeys() []string {
	var out []string
	for _, s := range settingsOf(reflect.TypeFor[File]()) {
		out = append(out, s.key)
		if s.field.Type.Kind() == reflect.Struct {
			for _, inner := range settingsOf(s.field.Type) {
				out = append(out, s.key+"."+inner.key)
			}
		}
	}
	return out
}

// value fills a field: a struct, a list or a table by name of one, or an Entry.
func (d *decoder) value(n *node, at Pos, into reflect.Value, name string) {
	t := into.Type()
	switch {
	case isEntry(t):
		d.entry(n, at, into, name)
	case t.Kind() == reflect.Struct:
		d.table(n, into, name)
	case isKeyed(t):
		if n.kind != tableNode {
			d.fail(at, "`%s` is a table, not %s", name, nodeKindNames[n.kind])
			return
		}
		for _, p := range n.keys {
			e := reflect.New(t.Elem()).Elem()
			e.Field(0).Set(reflect.ValueOf(Entry[string]{p.key, p.at}))
			d.value(p.value, p.at, e.Field(1), join(name, quoteKey(p.key)))
			into.Set(reflect.Append(into, e))
		}
	default:
		if n.kind != listNode {
			d.fail(at, "`%s` is a list, not %s", name, nodeKindNames[n.kind])
			return
		}
		into.Set(reflect.MakeSlice(t, len(n.items), len(n.items)))
		for i, item := range n.items {
			place := item.at
			if !place.IsValid() {
				place = at
			}
			d.value(item, place, into.Index(i), name)
		}
	}
}

// isEntry reports whether a type is an Entry, isKeyed whether it is a Keyed.
func isEntry(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t.NumField() == 2 && t.Field(0).Name == "Value" && t.Field(1).Name == "At"
}

func isKeyed(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct && t.Elem().NumField() == 2 && t.Elem().Field(0).Name == "Key"
}

// quoteKey writes a key as TOML wants it.
func quoteKey(key string) string {
	bare := key != "" && strings.IndexFunc(key, func(c rune) bool {
		return c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	}) < 0
	if bare {
		return key
	}
	return fmt.Sprintf("%q", key)
}

// entry fills an Entry.
func (d *decoder) entry(n *node, at Pos, into reflect.Value, name string) {
	if n.at.IsValid() {
		at = n.at
	}
	v := into.Field(0)
	want := textNode
	switch v.Kind() {
	case reflect.Bool:
		want = truthNode
	case reflect.Int:
		want = numberNode
	}
	if n.kind != want {
		d.fail(at, "`%s` takes %s, not %s", name, nodeKindNames[want], nodeKindNames[n.kind])
		return
	}
	switch want {
	case truthNode:
		v.SetBool(n.truth)
	case numberNode:
		v.SetInt(n.num)
	default:
		v.SetString(n.text)
	}
	into.Field(1).Set(reflect.ValueOf(at))
	switch value := v.Interface().(type) {
	case enumerated:
		if known := value.values(); !slices.Contains(known, n.text) {
			if near := repo.Nearest(n.text, known); near != "" {
				d.fail(at, "`%s` cannot be `%s`: did you mean `%s`?", name, n.text, near)
			} else {
				d.fail(at, "`%s` cannot be `%s`: it is one of %s", name, n.text, strings.Join(known, ", "))
			}
		}
	case checked:
		if fault := value.fault(); fault != "" {
			d.fail(at, "`%s` %s", name, fault)
		}
	}
}
