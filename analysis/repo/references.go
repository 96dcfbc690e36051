package repo

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/parser"
)

// Role says what a path literal is used for.
type Role uint8

// The roles of a path literal.
const (
	RoleOther   Role = iota
	RoleImport       // element of `imports` or `modules`, or argument of `import`
	RoleGuarded      // the file asks first whether the path exists, or what else does
	RoleText         // only its text is used: argument of toString
)

// Reference is a path literal that points into the repository.
type Reference struct {
	Node   parser.Node // of kind KindPath
	Target string      // relative to the root
	Role   Role
}

// References returns the path literals of the file that point into the
// repository, in source order. Paths with interpolations are left out: only
// evaluation can tell what they point to. The slice must not be changed.
func (f *File) References() []Reference {
	f.referencesOnce.Do(func() { f.references = findReferences(f) })
	return f.references
}

func findReferences(f *File) []Reference {
	if !f.Tree.MayHave(parser.KindPath) {
		return nil
	}
	var refs []Reference
	var guarded []string
	for id := range f.Tree.NodeCount() {
		n := f.Tree.Node(parser.NodeID(id))
		if n.Kind() != parser.KindPath {
			continue
		}
		target, ok := Target(f.Path, parser.Path{Node: n})
		if !ok {
			continue
		}
		role := roleOf(n)
		if role == RoleGuarded {
			guarded = append(guarded, target)
		}
		refs = append(refs, Reference{n, target, role})
	}
	if len(refs) == 0 {
		return nil
	}
	asked := f.askedNames()
	for i := range refs {
		if parent := parser.WithParens(refs[i].Node).Parent(); parent.Is(parser.KindBinding) && slices.Contains(asked, parser.Binding{Node: parent}.Path().Text()) {
			refs[i].Role = RoleGuarded
		}
		// Asking for a file in a folder asks for the folder.
		for _, g := range guarded {
			if g == refs[i].Target || strings.HasPrefix(g, refs[i].Target+"/") {
				refs[i].Role = RoleGuarded
			}
		}
	}
	return refs
}

// askedNames returns the names of which the file asks whether there is what
// they lead to.
func (f *File) askedNames() (names []string) {
	if !strings.Contains(f.Text, "path") && !strings.Contains(f.Text, "readFileType") {
		return nil
	}
	for id := range f.Tree.NodeCount() {
		n := f.Tree.Node(parser.NodeID(id))
		if n.Is(parser.KindApply) && isQuestion(n) {
			if arg := parser.Unparen(parser.Apply{Node: n}.Arg(0)); arg.Is(parser.KindIdent) {
				names = append(names, arg.Text())
			}
		}
	}
	return names
}

// roleOf looks at where a path literal stands.
func roleOf(n parser.Node) Role {
	for a := range n.Ancestors() {
		if a.Is(parser.KindBinding) {
			switch (parser.Binding{Node: a}).Path().Text() {
			case "example", "defaultText":
				return RoleText // shown in manuals, never looked up
			}
		}
	}
	child := parser.WithParens(n)
	parent := child.Parent()
	switch {
	case parent.Is(parser.KindApply):
		a := parser.Apply{Node: parent}
		if a.Arg(0) != child {
			return RoleOther
		}
		if isQuestion(parent) {
			return RoleGuarded
		}
		switch calledName(a.Func()) {
		case "import":
			return RoleImport
		case "toString", "baseNameOf", "remove":
			return RoleText
		}
	case parent.Is(parser.KindList):
		if IsModuleList(parent) {
			return RoleImport
		}
		if isCompared(parent) {
			return RoleText
		}
	case parent.Is(parser.KindIf):
		if cond := (parser.If{Node: parent}).Cond(); cond.Is(parser.KindApply) && isQuestion(cond) {
			return RoleGuarded // what there is if the other is not
		}
	case parent.Is(parser.KindBinary):
		switch (parser.Binary{Node: parent}).Op() {
		case parser.TokenPlus: // `./. + "/x"`: where it points to is computed
			return RoleText
		case parser.TokenEqual, parser.TokenNotEqual:
			return RoleText
		}
	}
	return RoleOther
}

// isQuestion reports whether a call asks whether a path exists, or what it leads to.
func isQuestion(call parser.Node) bool {
	switch calledName(parser.Apply{Node: call}.Func()) {
	case "pathExists", "readFileType", "pathType", "pathIsDirectory", "pathIsRegularFile":
		return true
	}
	return false
}

// isCompared reports whether something is asked for in a list, or taken out of another.
func isCompared(list parser.Node) bool {
	child := parser.WithParens(list)
	parent := child.Parent()
	if !parent.Is(parser.KindApply) {
		return false
	}
	a := parser.Apply{Node: parent}
	switch calledName(a.Func()) {
	case "elem":
		return a.ArgCount() > 1 && a.Arg(1) == child
	case "subtractLists":
		return a.Arg(0) == child
	}
	return false
}

// calledName returns the last name of a function that is called by name.
func calledName(fn parser.Node) string {
	switch fn.Kind() {
	case parser.KindIdent:
		return fn.Text()
	case parser.KindSelect:
		path := parser.Select{Node: fn}.Path()
		if name, ok := parser.StaticName(path.LastChild()); ok {
			return name
		}
	}
	return ""
}

// IsModuleList reports whether a list is, or is joined to, what is bound to
// `imports`, or to `modules` where a system is built.
func IsModuleList(list parser.Node) bool {
	switch BoundAs(list) {
	case "imports", "modules":
		return true
	}
	return false
}

// BoundAs returns the last name of the attribute that a list is, or is joined
// to, the value of; empty if there is none.
func BoundAs(list parser.Node) string {
	n := list
	for {
		p := n.Parent()
		switch p.Kind() {
		case parser.KindParen, parser.KindBinary:
			n = p
			continue
		case parser.KindWith:
			if (parser.With{Node: p}).Body() == n {
				n = p
				continue
			}
		case parser.KindBinding:
			name, _ := parser.StaticName(parser.Binding{Node: p}.Path().LastChild())
			return name
		}
		return ""
	}
}

// IsExcused reports whether a file is of a kind in which paths may lead
// nowhere: templates to be filled in, and tests.
func IsExcused(file string) bool {
	folders, name := path.Split(file)
	if name = strings.TrimSuffix(name, ".nix"); name == "example" || strings.HasSuffix(name, "template") {
		return true
	}
	for part := range strings.SplitSeq(folders, "/") {
		switch part {
		case "templates", "template", "testdata", "fixtures", "examples":
			return true
		}
		if last := part[strings.LastIndexByte(part, '-')+1:]; last == "tests" || last == "test" {
			return true // also `nixos-tests` and their like
		}
	}
	return false
}

// ImportsScoped reports whether any file calls scopedImport, so that other
// files may be given names from outside.
func (r *Repo) ImportsScoped() bool {
	r.scopedOnce.Do(func() {
		r.scoped = slices.ContainsFunc(r.All(), func(f *File) bool { return strings.Contains(f.Text, "scopedImport") })
	})
	return r.scoped
}
