package diagnostic

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// Fingerprints returns a key for each finding that tells it from the others of
// one repository and stays the same while other lines are added, removed,
// moved or indented: a hash of the rule, the file, the words of the line that
// the finding begins on, and where in them it begins. Findings that agree in
// all that are numbered in their order.
//
// Messages are no part of it, so that rules may be worded better.
func Fingerprints(ds []Diagnostic, text func(file string) string) []string {
	seen := make(map[string]int)
	out := make([]string, len(ds))
	for i, d := range ds {
		before, after := lineAround(text(d.File), int(d.Span.Start))
		key := strings.Join([]string{d.Rule, d.File, words(before), words(after)}, "\x00")
		n := seen[key]
		seen[key]++
		sum := sha256.Sum256([]byte(key + "\x00" + strconv.Itoa(n)))
		out[i] = hex.EncodeToString(sum[:16])
	}
	return out
}

// lineAround returns what stands before and after an offset on its line.
func lineAround(text string, offset int) (before, after string) {
	offset = min(offset, len(text))
	before, after = text[:offset], text[offset:]
	before = before[strings.LastIndexByte(before, '\n')+1:]
	after, _, _ = strings.Cut(after, "\n")
	return before, after
}

// words returns a text with every run of blanks as one blank and none around.
func words(s string) string { return strings.Join(strings.Fields(s), " ") }
