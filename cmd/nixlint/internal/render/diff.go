package render

import (
	"io"
	"strings"

	"github.com/aymanbagabas/go-udiff"
	"github.com/fatih/color"
)

// Diff writes what changes in a file, in the form that patch and git apply
// read.
func Diff(w io.Writer, file, before, after string) error {
	return writeDiff(w, udiff.Unified("a/"+file, "b/"+file, before, after))
}

// NewFile writes the diff that makes a file.
func NewFile(w io.Writer, file, text string) error {
	return writeDiff(w, udiff.Unified("/dev/null", "b/"+file, "", text))
}

func writeDiff(w io.Writer, text string) error {
	var b strings.Builder
	n := 0
	for line := range strings.Lines(text) {
		content, end := strings.CutSuffix(line, "\n")
		if c := diffColor(n, content); c != nil {
			content = c.Sprint(content)
		}
		b.WriteString(content)
		if end {
			b.WriteByte('\n')
		}
		n++
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// diffColor is the colour of a line of a diff, counted from 0; nil is none.
func diffColor(n int, line string) *color.Color {
	switch {
	case n < 2: // the names of the file
		return bold
	case strings.HasPrefix(line, "@@"):
		return infoColor
	case strings.HasPrefix(line, "-"):
		return removedColor
	case strings.HasPrefix(line, "+"):
		return addedColor
	}
	return nil
}
