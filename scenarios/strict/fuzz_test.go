package strict

import (
	"os"
	"strings"
	"testing"
)

// FuzzDecode: whatever is given, there is no panic, problems have places, and
// what is accepted is written to be read back as the same.
func FuzzDecode(f *testing.F) {
	f.Add(whole)
	text, err := os.ReadFile("testdata/problems.txt")
	if err != nil {
		f.Fatal(err)
	}
	for c := range strings.SplitSeq(string(text), "\n=== ") {
		_, c, _ = strings.Cut(c, "\n")
		input, _, _ := strings.Cut(c, "----\n")
		f.Add(input)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 {
			return
		}
		v, err := read(text)
		if err != nil {
			for _, p := range err.(*Problems).List {
				if p.Line < 1 || p.Column < 1 || p.Text == "" || p.Source == "" {
					t.Fatalf("problem without a place: %+v", p)
				}
			}
			return
		}
		first := Format(v)
		again, err := read(string(first))
		if err != nil {
			t.Fatalf("not read back: %v\n%s", err, first)
		}
		if second := Format(again); string(second) != string(first) {
			t.Fatalf("not a fixpoint:\n%s\nthen\n%s", first, second)
		}
	})
}

// FuzzOverride: any argument is taken or refused with its name.
func FuzzOverride(f *testing.F) {
	for _, a := range []string{"run.seed=3", "links[0].loss=1%", "x", "=", "a.b.c=[1", "groups.a={count: 3}", "..=", "[]=0", "name=\t"} {
		f.Add(a)
	}
	f.Fuzz(func(t *testing.T, a string) {
		if _, err := read(whole, a); err != nil {
			for _, p := range err.(*Problems).List {
				if p.Text == "" || p.Source == "" {
					t.Fatalf("problem without a source: %+v", p)
				}
			}
		}
	})
}
