package repo

import "strings"

// nearlyEqual reports whether two names are one typing mistake apart, or two
// if they are long.
func nearlyEqual(a, b string) bool {
	limit := 1
	if len(a) > 5 {
		limit = 2
	}
	return len(a) > 2 && editDistance(a, b, limit) <= limit
}

// Nearest returns the name most like the given one, or "" if none is close
// enough to have been meant.
func Nearest(name string, names []string) string {
	best, limit := "", len(name)/3+1
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return n
		}
		if cost := editDistance(name, n, limit); cost <= limit {
			best, limit = n, cost-1
		}
	}
	return best
}

// EditDistance counts the insertions, deletions, replacements and swaps of
// neighbours (each once) that make b of a.
func EditDistance(a, b string) int {
	return editDistance(a, b, len(a)+len(b))
}

// editDistance is EditDistance as far as it is at most limit, and else anything
// above. A name is compared with hundreds: most are told apart by their length, or
// after a few letters.
func editDistance(a, b string, limit int) int {
	const usual = 64 // letters of a name that need no memory of their own
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	var memory [3][usual + 1]int
	before, prev, cur := memory[0][:], memory[1][:], memory[2][:]
	if len(b) > usual {
		before, prev, cur = make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	}
	for j := range len(b) + 1 {
		prev[j] = j
	}
	lowest := 0 // of the row before: no way leads below it but by a swap, which skips a row
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
			least = min(least, cur[j])
		}
		if min(least, lowest) > limit {
			return limit + 1
		}
		lowest = least
		before, prev, cur = prev, cur, before
	}
	return prev[len(b)]
}
