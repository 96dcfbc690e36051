// Package baseline remembers findings that a repository had when nixlint was
// adopted, so that only new ones are reported.
//
// A finding is known by its rule, its file, the binding it stands in and the
// tokens it is about: not by its line, its layout or the wording of its message.
// Findings that agree in all that are counted.
package baseline

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

// Name is the file of known findings in the root of a repository, if the
// settings name no other.
const Name = ".nixlint-baseline.json"

// Entry stands for findings that cannot be told apart.
type Entry struct {
	File string `json:"file"`
	Rule string `json:"rule"`
	// In is the binding they stand in, for people to read.
	In    string `json:"in,omitempty"`
	Key   string `json:"key"`
	Count int    `json:"count"`
}

// Baseline is a set of known findings.
type Baseline struct {
	entries []Entry // sorted
}

// document is the form of the file.
type document struct {
	Version  int     `json:"version"`
	Findings []Entry `json:"findings"`
}

// Read reads a file of known findings. One that does not exist is an error that
// is fs.ErrNotExist.
func Read(name string) (*Baseline, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("%s is no file of known findings: %w; make it anew with --write-baseline", name, err)
	}
	if d.Version != 1 {
		return nil, fmt.Errorf("%s has version %d, which this nixlint does not know; make it anew with --write-baseline", name, d.Version)
	}
	b := &Baseline{entries: d.Findings}
	b.sort()
	return b, nil
}

// ReadIfThere is Read, but a file that does not exist holds nothing.
func ReadIfThere(name string) (*Baseline, error) {
	b, err := Read(name)
	if errors.Is(err, fs.ErrNotExist) {
		return &Baseline{}, nil
	}
	return b, err
}

// Of makes a baseline of findings. Syntax errors are never part of one.
func Of(ds []diagnostic.Diagnostic, text func(file string) string) *Baseline {
	b := &Baseline{}
	for _, e := range entriesOf(ds, text) {
		if e.Rule == "syntax" {
			continue
		}
		if i, ok := b.find(e); ok {
			b.entries[i].Count++
		} else {
			b.entries = slices.Insert(b.entries, i, e)
		}
	}
	return b
}

// With returns a baseline with what another knows about files for which
// elsewhere is true.
func (b *Baseline) With(other *Baseline, elsewhere func(file string) bool) *Baseline {
	out := &Baseline{entries: slices.Clone(b.entries)}
	for _, e := range other.entries {
		if elsewhere(e.File) {
			out.entries = append(out.entries, e)
		}
	}
	out.sort()
	return out
}

// JSON is the text of the file: an entry on each line, in a fixed order.
func (b *Baseline) JSON() string {
	var out strings.Builder
	out.WriteString("{\n  \"version\": 1,\n  \"findings\": [")
	for i, e := range b.entries {
		if i > 0 {
			out.WriteString(",")
		}
		line, _ := json.Marshal(e)
		out.WriteString("\n    ")
		out.Write(line)
	}
	if len(b.entries) > 0 {
		out.WriteString("\n  ")
	}
	out.WriteString("]\n}\n")
	return out.String()
}

// Len is the number of findings that are known.
func (b *Baseline) Len() int {
	n := 0
	for _, e := range b.entries {
		n += e.Count
	}
	return n
}

// Filter returns the findings that are not known, in their order. obsolete is
// the number of known findings that are there no longer, in files for which
// looked is true.
func (b *Baseline) Filter(ds []diagnostic.Diagnostic, text func(file string) string, looked func(file string) bool) (left []diagnostic.Diagnostic, obsolete int) {
	if len(b.entries) == 0 {
		return ds, 0
	}
	rest := make([]int, len(b.entries))
	for i, e := range b.entries {
		rest[i] = e.Count
	}
	for i, e := range entriesOf(ds, text) {
		if at, ok := b.find(e); ok && rest[at] > 0 && e.Rule != "syntax" {
			rest[at]--
		} else {
			left = append(left, ds[i])
		}
	}
	for i, e := range b.entries {
		if looked(e.File) {
			obsolete += rest[i]
		}
	}
	return left, obsolete
}

func (b *Baseline) find(e Entry) (int, bool) { return slices.BinarySearchFunc(b.entries, e, compare) }

func (b *Baseline) sort() { slices.SortFunc(b.entries, compare) }

func compare(a, b Entry) int {
	if c := strings.Compare(a.File, b.File); c != 0 {
		return c
	}
	if c := strings.Compare(a.Rule, b.Rule); c != 0 {
		return c
	}
	if c := strings.Compare(a.In, b.In); c != 0 {
		return c
	}
	return strings.Compare(a.Key, b.Key)
}

// entriesOf describes findings, each with the count of one.
func entriesOf(ds []diagnostic.Diagnostic, text func(file string) string) []Entry {
	trees := make(map[string]*parser.Tree)
	out := make([]Entry, len(ds))
	for i, d := range ds {
		e := Entry{File: d.File, Rule: d.Rule, Count: 1}
		src := text(d.File)
		about := ""
		if strings.HasSuffix(d.File, ".nix") {
			if trees[d.File] == nil {
				trees[d.File] = parser.Parse(src)
			}
			e.In, about = describe(trees[d.File], d.Span)
		} else if int(d.Span.End) <= len(src) {
			about = strings.Join(strings.Fields(src[d.Span.Start:d.Span.End]), " ")
		}
		sum := sha256.Sum256([]byte(about))
		e.Key = hex.EncodeToString(sum[:8])
		out[i] = e
	}
	return out
}

// describe returns the path of the bindings around a span, and the tokens in it.
func describe(t *parser.Tree, s parser.Span) (in, about string) {
	var words []string
	for tok := t.TokenAt(s.Start); tok.IsValid(); tok = tok.Next() {
		if tok.Span().Start >= s.End && len(words) > 0 {
			break
		}
		words = append(words, strings.Fields(tok.Text())...)
	}
	var names []string
	for n := t.NodeAt(s.Start); n.IsValid(); n = n.Parent() {
		if n.Is(parser.KindBinding) {
			var parts []string
			for name := range (parser.Binding{Node: n}).Path().Children() {
				parts = append(parts, name.Text())
			}
			names = append(names, strings.Join(parts, "."))
		}
	}
	slices.Reverse(names)
	return strings.Join(names, "."), strings.Join(words, " ")
}
