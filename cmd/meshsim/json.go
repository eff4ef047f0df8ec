package main

import (
	"encoding/json"
	"io"
)

// writeJSON writes a value as the commands print and store it: indented, with <
// and & as they are.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// printJSON prints a value on standard output.
func (a *app) printJSON(v any) error { return internal(writeJSON(a.out, v)) }
