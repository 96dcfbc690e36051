package claims

import (
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/analysis/eval"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// Source is the place of a fact in the repository: the [vfio.Source] of all
// facts of this package. It is comparable.
type Source struct {
	File string      // relative to the root
	Span parser.Span // of the expression that gives the value, or of the attribute
	// Node is that expression; it is invalid for places in other files than
	// those of Nix.
	Node eval.Place
	// Literal is set if the value is written out there: a change of the text
	// changes this value and nothing that is computed from others.
	Literal bool
	// Entry is set for elements of lists.
	Entry bool
}

// source finds the place of a value: the literal that it is, however many
// options hand it on, else the expression that computes it, else the attribute
// that it is the value of.
func (r *reader) source(t *eval.Thunk, v eval.Value, at eval.Place) *Source {
	if t != nil {
		if o := t.Origin().At(); o.IsValid() {
			if s := r.at(o); s != nil {
				s.Literal = isLiteral(o.Syntax(), v)
				return s
			}
		}
	}
	if !at.IsValid() {
		return nil
	}
	// A constant such as true is no expression of its own.
	name := at.Syntax()
	if path := name.Parent(); path.Is(parser.KindAttrPath) && path.LastChild() == name && path.Parent().Is(parser.KindBinding) {
		value := parser.Binding{Node: path.Parent()}.Value()
		if value.IsValid() && isLiteral(value, v) {
			s := r.at(eval.Place{File: at.File, Node: value.ID()})
			if s != nil {
				s.Literal = true
			}
			return s
		}
	}
	return r.at(at)
}

// at makes a place of one of the evaluation, nil if it is not in the repository.
func (r *reader) at(p eval.Place) *Source {
	if !p.IsValid() {
		return nil
	}
	if !r.holds(p.File) {
		return nil
	}
	return &Source{File: r.model.RelFile(p.File.Path), Span: p.Span(), Node: p}
}

// holds reports whether a file is one of the repository.
func (r *reader) holds(f *eval.File) bool {
	if f != r.asked { // options of one file mostly follow each other
		file := r.model.RelFile(f.Path)
		r.asked, r.held = f, file != "" && r.model.Repo.File(file) != nil
	}
	return r.held
}

// isLiteral reports whether a node is a value written out.
func isLiteral(n parser.Node, v eval.Value) bool {
	switch v := v.(type) {
	case eval.String:
		if !n.Is(parser.KindString) {
			return false
		}
		s, ok := parser.String{Node: n}.Static()
		return ok && s == string(v)
	case eval.Int:
		return n.Text() == strconv.FormatInt(int64(v), 10)
	case eval.Bool:
		return n.Text() == strconv.FormatBool(bool(v))
	}
	return false
}

// comment returns the comment that ends the line of a place, without its sign.
func (r *reader) comment(s *Source) string {
	if s == nil || !s.Node.IsValid() {
		return ""
	}
	rest, _, _ := strings.Cut(s.Node.File.Tree.Source()[s.Span.End:], "\n")
	rest = strings.TrimLeft(rest, " \t;])},")
	if text, ok := strings.CutPrefix(rest, "#"); ok {
		return strings.TrimSpace(text)
	}
	return ""
}

// mentions reports whether an unknown stands for something whose name holds
// one of the words.
func mentions(u *eval.Unknown, words ...string) bool {
	for f := u; f != nil; f = f.Func {
		for _, name := range f.Path {
			for _, w := range words {
				if strings.Contains(strings.ToLower(name), w) {
					return true
				}
			}
		}
	}
	return false
}

// reader reads what one boot entry of a host is configured to be.
type reader struct {
	model *repo.Model
	ev    *eval.Evaluator
	host  *repo.Host

	guestOptions [][]string // paths of options that are said to describe guests

	entries []*entry
	entry   *entry // the one that is read
	left    int    // values that may still be looked at for the present list

	asked *eval.File // the file that holds was asked about last
	held  bool       // what it said
}
