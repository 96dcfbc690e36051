package rules

import (
	goiter "iter"
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/analysis/parallel"
	"github.com/nixlint/nixlint/analysis/repo"
	"github.com/nixlint/nixlint/parser"
)

// nixBlock is a block of Nix code in a Markdown file. Such blocks are often
// parts of a file: a set without its braces, or with dots for what is left out.
type nixBlock struct {
	tree  *parser.Tree
	start int // offset of the tree's text in the file; may be before the code if the tree has text of its own
	text  string
}

// span returns the range in the Markdown file of a range of the tree.
func (b nixBlock) span(s parser.Span) parser.Span {
	return parser.Span{Start: uint32(int(s.Start) + b.start), End: uint32(int(s.End) + b.start)}
}

// document is a Markdown file.
type document struct{ file, text string }

// documentedCode yields the blocks of Nix code in the Markdown files that are checked, but
// for those in which code need not be right today.
func (r *Repo) documentedCode() goiter.Seq2[document, nixBlock] {
	return func(yield func(document, nixBlock) bool) {
		files, err := r.Documents()
		if err != nil {
			return
		}
		type page struct {
			document
			blocks []nixBlock
		}
		pages := parallel.Map(r.shared.Workers, files, func(file *string) (p page) {
			if !r.only(*file) || repo.IsExcused(*file) || isLog(*file) {
				return p
			}
			text, ok := r.Document(*file)
			if !ok {
				return p
			}
			return page{document{*file, text}, nixBlocks(text)}
		})
		for _, p := range pages {
			for _, block := range p.blocks {
				if !yield(p.document, block) {
					return
				}
			}
		}
	}
}

// isLog reports whether a file tells what was or shall be, rather than what is.
func isLog(file string) bool {
	name := strings.ToLower(path.Base(file))
	return slices.ContainsFunc([]string{"change", "history", "news", "release", "migrat", "upgrad", "todo", "roadmap", "plan", "design", "proposal"},
		func(word string) bool { return strings.Contains(name, word) })
}

// nixBlocks returns the fenced blocks of a Markdown file that say they are Nix.
func nixBlocks(text string) (blocks []nixBlock) {
	fence, start := "", -1
	offset := 0
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		mark := trimmed[:len(trimmed)-len(strings.TrimLeft(trimmed, fenceChar(trimmed)))]
		switch {
		case fence == "" && len(mark) >= 3:
			fence, start = mark, -1
			info, _, _ := strings.Cut(strings.TrimSpace(trimmed[len(mark):]), " ")
			if strings.EqualFold(info, "nix") {
				start = offset + len(line)
			}
		case fence != "" && strings.HasPrefix(mark, fence) && len(mark) == len(trimmed):
			if start >= 0 {
				blocks = append(blocks, newBlock(text[start:offset], start))
			}
			fence = ""
		}
		offset += len(line)
	}
	return blocks
}

// fenceChar returns the character of which a line may be a fence.
func fenceChar(line string) string {
	if strings.HasPrefix(line, "~") {
		return "~"
	}
	return "`"
}

// newBlock reads code as an expression or, if that goes better, as the inside
// of a set.
func newBlock(code string, start int) nixBlock {
	const open = "{ "
	tree := parser.Parse(code)
	if errors := len(tree.Errors()); errors > 0 {
		if inner := parser.Parse(open + code + "}"); len(inner.Errors()) < errors {
			return nixBlock{inner, start - len(open), code}
		}
	}
	return nixBlock{tree, start, code}
}
