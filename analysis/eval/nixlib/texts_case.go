package nixlib

import "strings"

// lower and upper change ASCII letters only, as lib does.
func lower(s string) string { return mapBytes(s, 'A', 'Z', 'a'-'A') }

func upper(s string) string { return mapBytes(s, 'a', 'z', -('a' - 'A')) }

func mapBytes(s string, from, to byte, add int) string {
	out := []byte(s)
	for i, c := range out {
		if from <= c && c <= to {
			out[i] = byte(int(c) + add)
		}
	}
	return string(out)
}

func sentenceCase(s string) string {
	if s == "" {
		return ""
	}
	return upper(s[:1]) + lower(s[1:])
}

// camelCase joins the words of a text, which blanks, dashes, underscores or
// capital letters begin.
func camelCase(s string) string {
	var words []string
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("-_ ", r) }) {
		start := 0
		for i := 1; i < len(part); i++ {
			if 'a' <= part[i-1] && part[i-1] <= 'z' && 'A' <= part[i] && part[i] <= 'Z' {
				words = append(words, part[start:i])
				start = i
			}
		}
		words = append(words, part[start:])
	}
	out := ""
	for i, w := range words {
		if i == 0 && strings.HasPrefix(s, w) {
			out = lower(w)
		} else {
			out += sentenceCase(w)
		}
	}
	return out
}

// levenshtein is the number of single changes that make one string another.
func levenshtein(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := min(row[j]+1, row[j+1]+1)
			if a[i] == b[j] {
				next = min(next, diagonal)
			} else {
				next = min(next, diagonal+1)
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
