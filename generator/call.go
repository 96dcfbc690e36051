package generator

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// built is how a host is built: the binding of its name, in a file.
type built struct {
	host    *repo.Host
	file    string
	binding parser.Binding
}

// builtHosts lists the hosts that are bound by their name one by one.
func (d *draft) builtHosts() []built {
	var out []built
	for _, h := range d.Model.Hosts {
		if !h.At.IsValid() || !d.Model.Own(h.At.File.Path) || !h.At.Syntax().Parent().Is(parser.KindAttrPath) {
			continue
		}
		path := h.At.Syntax().Parent()
		name, _ := parser.StaticName(path.LastChild())
		if b := path.Parent(); b.Is(parser.KindBinding) && name == h.Name && b.Parent().Is(parser.KindAttrSet) {
			out = append(out, built{h, d.Model.Rel(h.At.File), parser.Binding{Node: b}})
		}
	}
	return out
}

// arguments returns the set in which a call says what the host is like, the
// last of its arguments that is a set.
func (b built) arguments() (parser.Node, bool) {
	n := parser.Unparen(b.binding.Value())
	if !n.Is(parser.KindApply) {
		return n, n.Is(parser.KindAttrSet)
	}
	call := parser.Apply{Node: n}
	for i := call.ArgCount() - 1; i >= 0; i-- {
		if a := parser.Unparen(call.Arg(i)); a.Is(parser.KindAttrSet) {
			return a, true
		}
	}
	return parser.Node{}, false
}

// caller returns the function that builds the host, as it is written.
func (b built) caller() string {
	if n := parser.Unparen(b.binding.Value()); n.Is(parser.KindApply) {
		return parser.Apply{Node: n}.Func().Text()
	}
	return ""
}

// users returns the binding among the arguments that lists the host's users.
func (b built) users() (parser.Binding, bool) {
	set, ok := b.arguments()
	if !ok {
		return parser.Binding{}, false
	}
	for _, c := range bindingsOf(set) {
		list := lastList(c.Value())
		if !list.IsValid() || list.ChildCount() == 0 {
			continue
		}
		all := true
		for e := range list.Children() {
			all = all && b.userOf(e) != ""
		}
		if all {
			return c, true
		}
	}
	return parser.Binding{}, false
}

// userOf returns the user that an element of a list stands for, or "".
func (b built) userOf(e parser.Node) string {
	for _, home := range b.host.Homes {
		if renamed(e, home.User, "") != e.Text() {
			return home.User
		}
	}
	return ""
}

// like writes the binding of a new host as that of this one is written: with the
// arguments that all hosts give that are built alike, and with these users.
func (b built) like(all []built, name, system string, users []string) string {
	path := names(b.binding.Path().Node)
	path[len(path)-1] = name
	head := strings.Join(path, ".") + " = "
	value := b.binding.Value()
	set, ok := b.arguments()
	if !ok {
		return head + renamed(value, b.host.Name, name) + ";"
	}
	given, hasUsers := b.users()
	var text strings.Builder
	text.WriteString("{\n")
	for c := range set.Children() {
		switch {
		case hasUsers && c == given.Node:
			if len(users) > 0 {
				text.WriteString(b.usersLike(users) + "\n")
			} else if inAll(all, b, c) {
				text.WriteString(given.Path().Text() + " = [ ];\n")
			}
		case system != "" && c.Is(parser.KindBinding) && (parser.Binding{Node: c}).Path().Text() == "system":
			text.WriteString("system = " + quote(system) + ";\n")
		case !c.Is(parser.KindBinding) || inAll(all, b, c):
			text.WriteString(renamed(c, b.host.Name, name) + "\n")
		}
	}
	if !hasUsers && len(users) > 0 {
		for _, other := range all {
			if _, ok := other.users(); ok {
				text.WriteString(other.usersLike(users) + "\n")
				break
			}
		}
	}
	text.WriteString("}")
	src := value.Tree().Source()
	return head + renamedText(src[value.Span().Start:set.Span().Start], b.host.Name, name) + text.String() + src[set.Span().End:value.Span().End] + ";"
}

// usersLike writes the binding of a host's users for others. The host has one.
func (b built) usersLike(users []string) string {
	given, _ := b.users()
	list := lastList(given.Value())
	var elements []string
	for _, u := range users {
		elements = append(elements, b.userLike(u))
	}
	src := given.Tree().Source()
	return src[given.Span().Start:list.Span().Start] + "[ " + strings.Join(elements, " ") + " ]" + src[list.Span().End:given.Span().End]
}

// userLike writes the element of a list of users for another user.
func (b built) userLike(user string) string {
	given, _ := b.users()
	e := lastList(given.Value()).Child(0)
	return renamed(e, b.userOf(e), user)
}

// inAll reports whether all hosts that are built as one is have an argument.
func inAll(all []built, b built, arg parser.Node) bool {
	want := parser.Binding{Node: arg}.Path().Text()
	for _, other := range all {
		if other.caller() != b.caller() {
			continue
		}
		set, ok := other.arguments()
		if ok && !slices.ContainsFunc(bindingsOf(set), func(c parser.Binding) bool { return c.Path().Text() == want }) {
			return false
		}
	}
	return true
}

// renamed is the text of an expression with a name replaced by another wherever
// it is a word of a name, string or path.
func renamed(n parser.Node, old, name string) string { return renamedText(n.Text(), old, name) }

func renamedText(text, old, name string) string {
	isPart := func(c byte) bool {
		return c == '-' || c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80
	}
	var b strings.Builder
	for {
		i := strings.Index(text, old)
		if i < 0 || old == "" {
			b.WriteString(text)
			return b.String()
		}
		end := i + len(old)
		whole := (i == 0 || !isPart(text[i-1])) && (end == len(text) || !isPart(text[end]))
		b.WriteString(text[:i])
		if whole {
			b.WriteString(name)
		} else {
			b.WriteString(old)
		}
		text = text[end:]
	}
}
