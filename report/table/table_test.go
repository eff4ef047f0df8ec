package table

import (
	"slices"
	"strings"
	"testing"
)

func TestAlign(t *testing.T) {
	got := Align([][]string{{"point", "value"}, {"µ", "1"}, {"long name", ""}})
	want := []string{"point      value", "µ          1", "long name"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if Align(nil) != nil {
		t.Error("a table without rows has lines")
	}
}

func TestMarkdown(t *testing.T) {
	var b strings.Builder
	Markdown(&b, [][]string{{"a", "b"}, {"1|2", ""}})
	if want := "| a | b |\n| --- | --- |\n| 1\\|2 |  |\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}
