package scenarios

import (
	"fmt"
	"strings"

	"meshsim/scenarios/strict"
)

// Explain says what may be written at a path of a scenario: what it means, its
// type and default, and the fields below it. An empty path is the whole file.
// The error names the field that does not exist, and the one that was meant.
func Explain(path string) (string, error) {
	d, err := Describe(path)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", d.Path, d.Type)
	if d.Doc != "" {
		fmt.Fprintf(&b, "\n  %s\n", sentence(d.Doc))
	}
	explainFacts(&b, d)
	if len(d.Fields) > 0 {
		explainFields(&b, "fields", d.Fields)
	}
	for _, c := range d.Cases {
		explainFields(&b, fmt.Sprintf("with %s: %s (%s)", d.Select, c.Word, c.Doc), c.Fields)
	}
	return b.String(), nil
}

// Describe says the same for programs.
func Describe(path string) (*strict.Description, error) {
	d, err := strict.Describe(&Scenario{}, path)
	if err == nil && d.Path == "" {
		d.Path, d.Doc = "scenario", "a file that declares a run"
	}
	return d, err
}

// Fields lists the keys that may be written below a path, for completion.
func Fields(path string) []string {
	d, err := strict.Describe(&Scenario{}, path)
	if err != nil {
		return nil
	}
	var keys []string
	for _, f := range d.Fields {
		keys = append(keys, f.Path)
	}
	for _, c := range d.Cases {
		for _, f := range c.Fields {
			keys = append(keys, f.Path)
		}
	}
	return keys
}

func explainFacts(b *strings.Builder, d *strict.Description) {
	fact := func(name, text string) {
		if text != "" {
			fmt.Fprintf(b, "  %-9s %s\n", name, text)
		}
	}
	if d.Required || d.Default != "" || d.Example != "" || len(d.Words) > 0 || d.Low != "" || d.High != "" {
		b.WriteByte('\n')
	}
	if d.Required {
		fact("required", "yes")
	}
	fact("default", d.Default)
	fact("words", strings.Join(d.Words, ", "))
	fact("least", d.Low)
	fact("most", d.High)
	fact("example", d.Example)
}

func explainFields(b *strings.Builder, title string, fields []strict.Description) {
	width := 0
	for _, f := range fields {
		width = max(width, len(f.Path))
	}
	fmt.Fprintf(b, "\n%s\n", title)
	for _, f := range fields {
		fmt.Fprintf(b, "  %-*s  %s%s\n", width, f.Path, f.Doc, note(f))
	}
}

// note tells a field's default, or that it has none.
func note(f strict.Description) string {
	switch {
	case f.One != "":
		return " (one of these)"
	case f.Required:
		return " (required)"
	case f.Default != "":
		return "; default " + f.Default
	}
	return ""
}

// sentence begins with a capital and ends with a full stop.
func sentence(s string) string {
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], "…") + "."
}
