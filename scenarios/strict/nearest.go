package strict

import (
	"strings"
	"unicode/utf8"
)

// Nearest returns the word that s was probably meant to be, "" if none is
// close: one letter may be wrong, or a third of them, but not all. Cost: the
// product of the lengths for each word.
func Nearest(s string, words []string) string {
	const longest = 64 // no field has a longer name
	if len(s) > longest {
		return ""
	}
	s = strings.ToLower(s)
	letters := utf8.RuneCountInString(s)
	best, limit := "", min(letters, 1+max(1, letters/3))
	for _, w := range words {
		if d := distance(s, strings.ToLower(w)); d < limit {
			best, limit = w, d
		}
	}
	return best
}

// distance is the optimal string alignment distance: insertions, deletions,
// replacements and swaps of two neighbours, no part edited twice.
func distance(from, to string) int {
	a, b := []rune(from), []rune(to)
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}

// didYouMean returns a hint to append to a message.
func didYouMean(s string, words []string) string {
	if w := Nearest(s, words); w != "" {
		return "; did you mean " + quote(w) + "?"
	}
	return ""
}
