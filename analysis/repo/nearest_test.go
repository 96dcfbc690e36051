package repo

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// The distance up to a limit is the whole one wherever it is within the limit.
func TestEditDistanceLimit(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func(most int) string {
		var b strings.Builder
		for range random.IntN(most) {
			b.WriteByte("abc"[random.IntN(3)])
		}
		return b.String()
	}
	for range 20_000 {
		most := 10
		if random.IntN(100) == 0 {
			most = 100
		}
		a, b := word(most), word(most)
		whole := EditDistance(a, b)
		if back := EditDistance(b, a); back != whole {
			t.Fatalf("%q to %q takes %d changes, the way back %d", a, b, whole, back)
		}
		limit := random.IntN(8)
		if got := editDistance(a, b, limit); got != whole && (got <= limit || whole <= limit) {
			t.Fatalf("%q to %q takes %d changes, and %d up to %d", a, b, whole, got, limit)
		}
	}
}

func TestEditDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"mkIf", "mkIff", 1}, {"mkIf", "mIf", 1},
		{"kitten", "sitting", 3}, {"ab", "ba", 1}, {"abcd", "badc", 2},
	} {
		if got := EditDistance(c.a, c.b); got != c.want {
			t.Errorf("%q to %q takes %d changes, want %d", c.a, c.b, got, c.want)
		}
	}
}
