package generator

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

// put gives options values in a set that defines some already: those that have a value get
// the new one, the others are added to the innermost set that is written out for them.
// The paths begin with the names of prefix where they are added to the set itself.
func (d *draft) put(file string, set parser.Node, prefix []string, settings tree) error {
	added := make(map[parser.NodeID]tree)
	var sets []parser.Node
	var walk func(path []string, t tree) error
	walk = func(path []string, t tree) error {
		for name, value := range t {
			whole := append(slices.Clone(path), name)
			if inner, ok := value.(tree); ok {
				if err := walk(whole, inner); err != nil {
					return err
				}
				continue
			}
			b, holder, rest := settingAt(set, whole)
			if b.IsValid() {
				if text := value.(string); b.Value().Text() != text {
					d.edits[file] = append(d.edits[file], diagnostic.Edit{File: file, Span: b.Value().Span(), Text: text})
				}
				continue
			}
			if len(rest) == 0 {
				return fmt.Errorf("`%s` is defined in another way already", strings.Join(whole, "."))
			}
			if added[holder.ID()] == nil {
				added[holder.ID()] = make(tree)
				sets = append(sets, holder)
			}
			added[holder.ID()].set(rest, value.(string))
		}
		return nil
	}
	rooted := make(tree)
	at := rooted
	for _, name := range prefix {
		inner := make(tree)
		at[name], at = inner, inner
	}
	for name, value := range settings {
		at[name] = value
	}
	if err := walk(nil, rooted); err != nil {
		return err
	}
	for _, holder := range sets {
		texts := added[holder.ID()].bindings()
		bindings := bindingsOf(holder)
		for _, text := range texts {
			if len(bindings) == 0 {
				d.addFirst(file, holder, text)
			} else {
				d.addEntry(file, nearestBinding(bindings, text).Node, false, text)
			}
		}
	}
	return nil
}

// nearestBinding returns the last of those bindings that have most names in common with a new
// one.
func nearestBinding(bindings []parser.Binding, text string) parser.Binding {
	path, _, _ := strings.Cut(text, " = ")
	best, most := bindings[len(bindings)-1], 0
	for _, b := range bindings {
		if n := common(names(b.Path().Node), strings.Split(path, ".")); n >= most && n > 0 {
			best, most = b, n
		}
	}
	return best
}

// settingAt finds the binding of a path in a set. If there is none it returns the innermost
// set that is written out for it, with the names that remain; no names remain if the path is
// that of a set.
func settingAt(set parser.Node, path []string) (b parser.Binding, holder parser.Node, rest []string) {
	for _, b := range bindingsOf(set) {
		names, ok := b.Path().Static()
		if !ok || len(names) > len(path) || !slices.Equal(names, path[:len(names)]) {
			continue
		}
		if len(names) == len(path) {
			return b, set, nil
		}
		if inner := parser.Unparen(b.Value()); inner.Is(parser.KindAttrSet) {
			return settingAt(inner, path[len(names):])
		}
		return parser.Binding{}, set, nil
	}
	return parser.Binding{}, set, path
}
