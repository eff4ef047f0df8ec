package rules

import (
	"slices"
	"strings"
	"testing"
)

// families are the rules by what they are for.
var families = []struct {
	name  string
	check func(*tree) []finding
}{
	{"determinism", determinism},
	{"imports", direction},
	{"style", style},
	{"words", words},
}

// TestRepository holds the rules over this repository.
func TestRepository(t *testing.T) {
	tr := load(t, root(t))
	needed := map[exception]bool{}
	for _, family := range families {
		t.Run(family.name, func(t *testing.T) {
			for _, f := range sorted(family.check(tr)) {
				if e := excuse(f); e != nil {
					needed[*e] = true
				} else {
					t.Error(f)
				}
			}
		})
	}
	for _, e := range exceptions {
		if !needed[e] && tr.holds(e.files) {
			t.Errorf("nothing in %s %s needs its exception from %s any more; remove it from house_test.go", e.files, e.function, e.rules)
		}
	}
	for _, pattern := range slices.Concat(floats, resultFiles) {
		if !tr.holds(pattern) {
			t.Errorf("house_test.go names %s, which is gone; remove it", pattern)
		}
	}
}

// sorted puts findings in the order of their places.
func sorted(found []finding) []finding {
	slices.SortFunc(found, func(a, b finding) int {
		if c := strings.Compare(a.file, b.file); c != 0 {
			return c
		}
		if a.line != b.line {
			return a.line - b.line
		}
		return strings.Compare(a.rule+a.text, b.rule+b.text)
	})
	return slices.Compact(found)
}
