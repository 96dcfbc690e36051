package symbol

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/analysis/scope"
	"github.com/nixlint/nixlint/parser"
)

// kind says whose modules a file is one of: options of the same path are different ones in
// systems and homes.
type kind uint8

const (
	ofSystem kind = 1 << iota
	ofHome
)

func kindOf(e *repo.Evaluation) kind {
	if e.User != "" {
		return ofHome
	}
	return ofSystem
}

// kinds returns of which kinds the files are that are modules.
func (v View) kinds() map[string]kind {
	out := make(map[string]kind)
	for _, e := range v.Model.Evaluations() {
		for _, file := range e.Files() {
			out[file] |= kindOf(e)
		}
	}
	return out
}

// likely returns of which kinds a file is that no host reaches: those of the files in the
// nearest folder around it that has any.
func likely(kinds map[string]kind, file string) kind {
	for folder := path.Dir(file); folder != "."; folder = path.Dir(folder) {
		var all kind
		for other, of := range kinds {
			if strings.HasPrefix(other, folder+"/") {
				all |= of
			}
		}
		if all != 0 {
			return all
		}
	}
	return ofSystem | ofHome
}

// optionName is an option as modules name it.
type optionName struct {
	length int    // of its path
	last   string // of its names
	// is reports whether a path of that length is the option's.
	is   func(path []string) bool
	kind kind
	// lists is set if it is inside of the elements of a list.
	lists bool
	// functions are where the modules of its submodule are written, which name it by local.
	functions []Place
	local     []string
}

// usesOfOption returns where an option is read and defined. One of a submodule is the same
// under all names that its values have.
func (v View) usesOfOption(files []*repo.File, namesOf func(string) *scope.Names, option []string, declarations bool) (out []Place) {
	name := optionName{length: len(option), last: option[len(option)-1], is: func(p []string) bool { return slices.Equal(p, option) }}
	for _, found := range v.Option(option) {
		o := found.Named()
		if o == nil {
			continue
		}
		name.kind |= kindOf(found.Evaluation)
		out = append(out, v.takers(o)...)
		if len(found.Rest) == 0 {
			out = append(out, v.WrittenAt(found.Evaluation, option)...)
			continue
		}
		path := o.Path[len(found.Config.Input.Prefix):]
		written := pattern(path)
		name.lists = len(path) != len(written)
		name.is = func(p []string) bool {
			return slices.EqualFunc(p, written, func(is, want string) bool { return is == want || want == anyName })
		}
		name.functions, name.local = append(name.functions, v.functions(o)...), local(o)
		out = append(out, v.writtenAt(o)...)
		for _, d := range o.Declarations {
			if p := v.Place(d.At); p.File != "" && declarations {
				out = append(out, p)
			}
		}
	}
	return append(out, v.usesOf(name, files, namesOf, declarations)...)
}

// usesOf returns where files read, define and, if that is asked for, declare an option.
func (v View) usesOf(name optionName, files []*repo.File, namesOf func(string) *scope.Names, declarations bool) (out []Place) {
	kinds := v.kinds()
	for _, f := range files {
		if strings.Contains(f.Text, name.last) {
			of := kinds[f.Path]
			if of == 0 {
				of = likely(kinds, f.Path)
			}
			out = append(out, name.readIn(f, namesOf, of)...)
			out = append(out, name.definedIn(f, of, declarations)...)
		}
	}
	return out
}

// at returns the index of the option's last name in a path that modules of a kind use; it is
// negative if the path is no such. Systems reach the options of a home by
// `home-manager.users.NAME`.
func (o optionName) at(path []string, of kind) int {
	fits := func(skipped int) bool {
		return len(path) >= skipped+o.length && o.is(path[skipped:skipped+o.length])
	}
	const home = 3
	switch {
	case of&o.kind != 0 && fits(0):
		return o.length - 1
	case o.kind&ofHome != 0 && of&ofSystem != 0 && len(path) > home && path[0] == "home-manager" && path[1] == "users" && fits(home):
		return home + o.length - 1
	}
	return -1
}

// readIn returns where a file reads the option.
func (o optionName) readIn(f *repo.File, namesOf func(string) *scope.Names, of kind) (out []Place) {
	for s := range readsOf(f, namesOf, o.last) {
		seen := of
		if len(o.functions) > 0 && slices.Equal(s.Path, o.local) && (s.Root == "config" || s.Root == "options") {
			names := namesOf(f.Path)
			if fn := f.Tree.Node(names.Scopes()[names.Definitions()[s.Def].Scope].Node); slices.Contains(o.functions, Place{f.Path, fn.Span()}) {
				out = append(out, Place{f.Path, s.Span})
				continue
			}
		}
		switch s.Root {
		case "config", "options":
		case "osConfig", "nixosConfig":
			seen = ofSystem
		default:
			continue
		}
		if i := o.at(s.Path, seen); i >= 0 && i == len(s.Path)-1 {
			out = append(out, Place{f.Path, s.Span})
		}
	}
	return out
}

// definedIn returns where a file defines or, if that is asked for, declares the option.
func (o optionName) definedIn(f *repo.File, of kind, declarations bool) (out []Place) {
	for n := range f.Tree.Root().Preorder() {
		if !n.Is(parser.KindBinding) || n.Parent().Is(parser.KindLet) {
			continue
		}
		whole := BindingPath(n)
		if o.lists {
			whole = bindingPath(n, isInLists)
		}
		own := parser.Binding{Node: n}.Path()
		prefix := 0
		if whole[0] == "config" || whole[0] == "options" {
			prefix = 1
		}
		i := o.at(whole[prefix:], of)
		if i < 0 || whole[0] == "options" && !declarations {
			continue
		}
		if i += prefix - (len(whole) - own.ChildCount()); i >= 0 && i < own.ChildCount() {
			out = append(out, Place{f.Path, own.Child(i).Span()})
		}
	}
	return out
}
