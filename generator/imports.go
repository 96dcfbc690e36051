package generator

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// hostFile returns the file that speaks of one host alone: that of its folder,
// or the one named after it.
func (d *draft) hostFile(h *repo.Host) string {
	for _, imp := range h.System.Imports {
		if imp.Target != "" && strings.TrimSuffix(path.Base(imp.Path), ".nix") == h.Name {
			return imp.Target
		}
	}
	for _, f := range h.System.Files() {
		if path.Base(path.Dir(f)) == h.Name {
			return f
		}
	}
	return ""
}

// host finds a host by name.
func (d *draft) host(name string) (*repo.Host, error) {
	var known []string
	for _, h := range d.Model.Hosts {
		if h.Name == name {
			return h, nil
		}
		known = append(known, h.Name)
	}
	return nil, unknownName("host", name, known)
}

func unknownName(what, name string, known []string) error {
	if near := repo.Nearest(name, known); near != "" {
		return fmt.Errorf("there is no %s `%s`: did you mean `%s`?", what, shown(name), near)
	}
	if len(known) == 0 {
		return fmt.Errorf("there is no %s `%s`: the flake has none that can be evaluated", what, shown(name))
	}
	return fmt.Errorf("there is no %s `%s`; there are %s", what, shown(name), strings.Join(known, ", "))
}

// importModule adds a module to the imports of a file: by its key, if it has
// one, else by its path.
func (d *draft) importModule(e *repo.Evaluation, file string, key []string, target string) error {
	for _, imp := range e.Imports {
		if (imp.Target == target || imp.Path == target) && imp.At.IsValid() && d.Model.Rel(imp.At.File) == file {
			return nil
		}
	}
	f := d.Model.Repo.File(file)
	if f == nil {
		return fmt.Errorf("%s is no file of the repository", file)
	}
	set, ok := moduleSet(f.Tree.Expr())
	if !ok {
		return fmt.Errorf("%s cannot be edited: it is not a module with a set", file)
	}
	if key != nil && !d.isGiven(e, key) {
		key = nil
	}
	imports, has := bindingAt(set, "imports")
	list := parser.Node{}
	if key != nil {
		if el, ok := d.elementLike(e, file, key); ok {
			d.addSorted(file, el, lastOfKey(el, key))
			return nil
		}
	}
	text := relativePath(file, target)
	if key != nil {
		var formal string
		text, formal = d.keyText(e, key)
		if !d.needFormal(file, f.Tree, formal) {
			return fmt.Errorf("%s cannot be edited: it does not get `%s`", file, formal)
		}
	}
	if has {
		list = lastList(imports.Value())
		if !list.IsValid() {
			return fmt.Errorf("%s cannot be edited: its imports are no list", file)
		}
		switch {
		case hasElement(list, text):
		case list.ChildCount() == 0:
			d.addFirst(file, list, text)
		default:
			beside := list.LastChild()
			for c := range list.Children() {
				if key == nil && c.Is(parser.KindPath) {
					beside = c // paths stay together
				}
			}
			d.addEntry(file, beside, false, text)
		}
		return nil
	}
	text = "imports = [ " + text + " ];"
	if set.ChildCount() == 0 {
		d.addFirst(file, set, text)
		return nil
	}
	d.insert(file, set.Child(0).Span().Start, text+"\n\n")
	return nil
}

// hasElement reports whether a list has an element that is written like this.
func hasElement(list parser.Node, text string) bool {
	for c := range list.Children() {
		if c.Text() == text {
			return true
		}
	}
	return false
}

// lastList returns the last list literal that an expression joins, leaving
// alone what functions are applied to.
func lastList(n parser.Node) parser.Node {
	switch n = parser.Unparen(n); n.Kind() {
	case parser.KindList:
		return n
	case parser.KindWith:
		return lastList(parser.With{Node: n}.Body())
	case parser.KindBinary:
		b := parser.Binary{Node: n}
		if l := lastList(b.Right()); l.IsValid() {
			return l
		}
		return lastList(b.Left())
	}
	return parser.Node{}
}

// element is an element of a list of imports that names a registered module,
// and how its text relates to the key.
type element struct {
	node   parser.Node
	key    []string
	hidden int // leading names of the key that the text leaves out
}

// elementLike finds the element of a file's imports that a new one goes with:
// that whose key shares most names with the new one's and whose way of writing
// can be repeated.
func (d *draft) elementLike(e *repo.Evaluation, file string, key []string) (element, bool) {
	keys := make(map[string][]string)
	for _, r := range d.Model.Registries(e) {
		for _, entry := range r.Entries {
			if f := d.Model.Repo.ModuleFile(entry.Target); f != "" && keys[f] == nil {
				keys[f] = entry.Key
			}
		}
	}
	best, score := element{}, 0
	for _, imp := range e.Imports {
		if imp.Target == "" || !imp.At.IsValid() || d.Model.Rel(imp.At.File) != file || keys[imp.Target] == nil {
			continue
		}
		el, ok := elementOf(imp.At.Syntax(), keys[imp.Target])
		if !ok {
			continue
		}
		same := common(el.key, key)
		inWith := el.hidden > 0 && withAbove(el.node)
		if el.hidden > same || el.hidden == same && el.hidden > 0 && !inWith {
			continue
		}
		if s := same + 1; s >= score { // the last of those that are alike
			best, score = el, s
		}
	}
	return best, score > 0
}

func elementOf(n parser.Node, key []string) (element, bool) {
	if !n.Parent().Is(parser.KindList) || !repo.IsModuleList(n.Parent()) {
		return element{}, false
	}
	text := n.Text()
	for hidden := range key {
		if strings.Join(key[hidden:], ".") == text {
			return element{node: n, key: key, hidden: hidden}, true
		}
	}
	return element{}, false
}

func withAbove(n parser.Node) bool {
	for a := range n.Ancestors() {
		if a.Is(parser.KindBinding) {
			return false
		}
		if a.Is(parser.KindWith) {
			return true
		}
	}
	return false
}

// newElement is an element to be added beside another.
type newElement struct {
	like element
	text string
	key  []string
}

func lastOfKey(like element, key []string) newElement {
	return newElement{like, strings.Join(key[like.hidden:], "."), key}
}

// addSorted adds an element to the group of those that have its category, or
// as a group of its own behind another if there is none.
func (d *draft) addSorted(file string, like element, el newElement) {
	prefix := strings.Join(el.key[like.hidden:len(el.key)-1], ".") + "."
	var group []sibling
	if hasElement(like.node.Parent(), el.text) {
		return // named already, and not registered yet
	}
	for c := range like.node.Parent().Children() {
		if strings.HasPrefix(c.Text(), prefix) && prefix != "." {
			group = append(group, sibling{c, c.Text()})
		}
	}
	if len(group) > 0 {
		beside, before := place(group, el.text)
		d.addEntry(file, beside, before, el.text)
		return
	}
	if last := like.node.Parent().LastChild(); d.hasGroups(like.node.Parent()) {
		text := "\n\n" + el.text
		if like.node != last {
			text += "\n"
		}
		d.insert(file, behindComment(like.node.Tree().Source(), like.node.Span().End), text)
		return
	}
	d.addEntry(file, like.node, false, el.text)
}

// hasGroups reports whether empty lines stand between elements of a list.
func (d *draft) hasGroups(list parser.Node) bool {
	children := slices.Collect(list.Children())
	src := list.Tree().Source()
	for i := 1; i < len(children); i++ {
		between := src[children[i-1].Span().End:children[i].Span().Start]
		if strings.Count(between, "\n") > 1 && !strings.Contains(between, "#") {
			return true
		}
	}
	return false
}
