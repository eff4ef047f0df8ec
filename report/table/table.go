// Package table puts the cells of a table below one another, for people who read
// with a fixed width, and writes tables as Markdown.
package table

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Align returns the lines of a table, two spaces between its columns and none at
// the ends. All rows have as many cells as the first.
func Align(rows [][]string) (lines []string) {
	if len(rows) == 0 {
		return nil
	}
	widths := make([]int, len(rows[0]))
	for _, cells := range rows {
		for i, c := range cells {
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	for _, cells := range rows {
		line := ""
		for i, c := range cells {
			line += c + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c)+2)
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return lines
}

// Markdown writes a table whose first row is its head.
func Markdown(w io.Writer, rows [][]string) error {
	for i, cells := range rows {
		line := "|"
		for _, c := range cells {
			line += " " + strings.ReplaceAll(c, "|", `\|`) + " |"
		}
		if i == 0 {
			line += "\n|" + strings.Repeat(" --- |", len(cells))
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}
