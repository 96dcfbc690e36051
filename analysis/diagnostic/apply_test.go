package diagnostic_test

import (
	"testing"

	"github.com/nixlint/nixlint/analysis/diagnostic"
	"github.com/nixlint/nixlint/parser"
)

func edit(start, end uint32, text string) diagnostic.Edit {
	return diagnostic.Edit{File: "a.nix", Span: parser.Span{Start: start, End: end}, Text: text}
}

func TestApply(t *testing.T) {
	for _, c := range []struct {
		name  string
		edits []diagnostic.Edit
		want  string // empty if the edits are refused
	}{
		{"none", nil, "0123456789"},
		{"in any order", []diagnostic.Edit{edit(8, 9, "x"), edit(0, 2, "")}, "234567x9"},
		{"side by side", []diagnostic.Edit{edit(2, 4, "a"), edit(4, 6, "b")}, "01ab6789"},
		{"insertion before a replacement", []diagnostic.Edit{edit(2, 4, "a"), edit(2, 2, "b")}, "01ba456789"},
		{"at the end", []diagnostic.Edit{edit(10, 10, "x")}, "0123456789x"},
		{"overlap", []diagnostic.Edit{edit(2, 5, "a"), edit(4, 6, "b")}, ""},
		{"one inside another", []diagnostic.Edit{edit(2, 8, "a"), edit(4, 6, "b")}, ""},
		{"insertion inside", []diagnostic.Edit{edit(2, 8, "a"), edit(4, 4, "b")}, ""},
		{"two insertions", []diagnostic.Edit{edit(4, 4, "a"), edit(4, 4, "b")}, ""},
		{"behind the end", []diagnostic.Edit{edit(9, 11, "")}, ""},
		{"turned round", []diagnostic.Edit{edit(4, 3, "")}, ""},
	} {
		got, err := diagnostic.Apply("0123456789", c.edits)
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s: got %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

func TestChosen(t *testing.T) {
	finding := func(safe bool, edits ...diagnostic.Edit) diagnostic.Diagnostic {
		return diagnostic.Diagnostic{Fix: &diagnostic.Fix{Safe: safe, Edits: edits}}
	}
	ds := []diagnostic.Diagnostic{
		{},
		finding(true, edit(0, 1, ""), edit(5, 6, "")),
		finding(true, edit(3, 3, "x")), // between the edits of the first
		finding(false, edit(8, 9, "")),
		finding(true, edit(9, 10, "")),
		finding(true, edit(12, 13, "")),
	}
	for _, c := range []struct {
		unsafe bool
		want   []int
	}{{false, []int{1, 4, 5}}, {true, []int{1, 3, 5}}} {
		var want []*diagnostic.Fix
		for _, i := range c.want {
			want = append(want, ds[i].Fix)
		}
		got := diagnostic.Chosen(ds, c.unsafe)
		if len(got) != len(want) {
			t.Fatalf("unsafe %v: got %d fixes, want %d", c.unsafe, len(got), len(want))
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("unsafe %v: fix %d is not the wanted one", c.unsafe, i)
			}
		}
	}
}
