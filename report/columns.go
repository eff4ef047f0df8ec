package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// columns are the widths of a table's columns.
func columns(table [][]string) []int {
	var widths []int
	for _, cells := range table {
		for i, c := range cells {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	return widths
}

func left(s string, width int) string {
	return s + strings.Repeat(" ", max(width-utf8.RuneCountInString(s), 0))
}

func right(s string, width int) string {
	return strings.Repeat(" ", max(width-utf8.RuneCountInString(s), 0)) + s
}

// exactTime writes a simulated time: "24 h" and "90 min" where it is that, else
// with all digits in seconds.
func exactTime(d time.Duration) string {
	switch {
	case d >= 3*time.Hour && d%time.Hour == 0:
		return strconv.Itoa(int(d/time.Hour)) + " h"
	case d >= 10*time.Minute && d%time.Minute == 0:
		return strconv.Itoa(int(d/time.Minute)) + " min"
	}
	return exactSeconds(d)
}

// exactSeconds writes a simulated time with all its digits: "12.345 s".
func exactSeconds(d time.Duration) string { return decimalSeconds(int64(d)) + " s" }

// decimalSeconds writes nanoseconds as seconds, exactly.
func decimalSeconds(ns int64) string {
	sign := ""
	u := uint64(ns)
	if ns < 0 {
		sign, u = "-", -u
	}
	out := sign + strconv.FormatUint(u/1e9, 10)
	if rest := u % 1e9; rest > 0 {
		out += "." + strings.TrimRight(fmt.Sprintf("%09d", rest), "0")
	}
	return out
}
