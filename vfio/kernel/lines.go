package kernel

import (
	"iter"
	"strings"
)

// continuedLines yields the lines of a configuration without the white space
// around them, each with the number, from 1, of the line it begins on. A line
// that ends in a backslash goes on in the next; glue stands for the backslash.
func continuedLines(text, glue string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		number := 0
		for len(text) > 0 {
			var line string
			line, text, _ = strings.Cut(text, "\n")
			number++
			at := number
			if strings.HasSuffix(line, `\`) {
				var whole strings.Builder
				for strings.HasSuffix(line, `\`) {
					whole.WriteString(line[:len(line)-1])
					whole.WriteString(glue)
					line, text, _ = strings.Cut(text, "\n")
					number++
				}
				whole.WriteString(line)
				line = whole.String()
			}
			if !yield(at, strings.TrimSpace(line)) {
				return
			}
		}
	}
}
