package graph

import (
	"cmp"
	"slices"
)

// source is a host or user in the picture: what edges start from.
type source struct {
	rows []*row // it has edges to
	at   float64
}

// order sorts the sources, the cards and the rows in them so that few edges
// cross: each in turn is put at the mean place of what it is connected to, and
// the best order that occurs is kept. Cards that are marked as last stay behind
// the others.
func order(sources []*source, cards []*card) {
	const rounds = 12
	best := -1
	var bestSources []*source
	var bestCards []*card
	bestRows := make(map[*card][]*row)
	for range rounds {
		number(sources, cards)
		if n := crossings(sources); best < 0 || n < best {
			best = n
			bestSources, bestCards = slices.Clone(sources), slices.Clone(cards)
			for _, c := range cards {
				bestRows[c] = slices.Clone(c.rows)
			}
		}
		sortRows(sources, cards)
		number(sources, cards)
		slices.SortStableFunc(sources, func(a, b *source) int { return cmp.Compare(a.mean(), b.mean()) })
	}
	copy(sources, bestSources)
	copy(cards, bestCards)
	for _, c := range cards {
		c.rows = bestRows[c]
	}
	number(sources, cards)
}

// number gives each source and row its place in the present order.
func number(sources []*source, cards []*card) {
	for i, s := range sources {
		s.at = float64(i)
	}
	i := 0
	for _, c := range cards {
		for _, r := range c.rows {
			r.at = float64(i)
			i++
		}
	}
}

// mean is the mean place of the rows a source has edges to.
func (s *source) mean() float64 {
	if len(s.rows) == 0 {
		return s.at
	}
	sum := 0.0
	for _, r := range s.rows {
		sum += r.at
	}
	return sum / float64(len(s.rows))
}

// sortRows sorts rows and cards by the mean place of the sources that have
// edges to them. What has no edges comes last.
func sortRows(sources []*source, cards []*card) {
	sum, count := make(map[*row]float64), make(map[*row]int)
	for _, s := range sources {
		for _, r := range s.rows {
			sum[r] += s.at
			count[r]++
		}
	}
	mean := func(rows ...*row) float64 {
		total, n := 0.0, 0
		for _, r := range rows {
			total += sum[r]
			n += count[r]
		}
		if n == 0 {
			return float64(len(sources))
		}
		return total / float64(n)
	}
	for _, c := range cards {
		slices.SortStableFunc(c.rows, func(a, b *row) int { return cmp.Compare(mean(a), mean(b)) })
	}
	slices.SortStableFunc(cards, func(a, b *card) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(mean(a.rows...), mean(b.rows...)))
	})
}

// crossings counts the pairs of edges that cross.
func crossings(sources []*source) int {
	var ends []int // of the edges, in the order of their sources
	most := 0
	for _, s := range sources {
		from := len(ends)
		for _, r := range s.rows {
			ends = append(ends, int(r.at))
			most = max(most, int(r.at))
		}
		slices.Sort(ends[from:])
	}
	// For each edge count those before it that end further down, in a tree of
	// sums over the places.
	tree := make([]int, most+2)
	n := 0
	for i, e := range ends {
		n += i
		for k := e + 1; k > 0; k -= k & -k {
			n -= tree[k]
		}
		for k := e + 1; k < len(tree); k += k & -k {
			tree[k]++
		}
	}
	return n
}
