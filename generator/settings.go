package generator

import (
	"slices"
	"strings"
)

// tree holds settings by the names of their paths: a value is an expression, or
// a tree.
type tree map[string]any

// set gives the option of a path a value.
func (t tree) set(path []string, value string) {
	for _, name := range path[:len(path)-1] {
		inner, ok := t[name].(tree)
		if !ok {
			inner = make(tree)
			t[name] = inner
		}
		t = inner
	}
	t[path[len(path)-1]] = value
}

// bindings writes the settings, one binding for each first name. Names that
// have no others beside them are joined.
func (t tree) bindings() []string {
	var keys []string
	for name := range t {
		keys = append(keys, name)
	}
	slices.Sort(keys)
	var out []string
	for _, name := range keys {
		switch v := t[name].(type) {
		case string:
			out = append(out, name+" = "+v+";")
		case tree:
			inner := v.bindings()
			if len(inner) == 1 {
				out = append(out, name+"."+inner[0])
				continue
			}
			out = append(out, name+" = {\n"+strings.Join(inner, "\n")+"\n};")
		}
	}
	return out
}
