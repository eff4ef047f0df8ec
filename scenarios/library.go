package scenarios

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"meshsim/scenarios/strict"
)

//go:embed library/*.yaml
var library embed.FS

// A LibraryEntry is a scenario that ships with meshsim.
type LibraryEntry struct {
	Name        string
	Description string
	Text        []byte
}

// Library lists the scenarios that ship, by name.
func Library() []LibraryEntry {
	files, err := fs.Glob(library, "library/*.yaml")
	if err != nil {
		panic(err)
	}
	var list []LibraryEntry
	for _, file := range files {
		text, err := library.ReadFile(file)
		if err != nil {
			panic(err)
		}
		name := strings.TrimSuffix(path.Base(file), ".yaml")
		list = append(list, LibraryEntry{name, describe(text), text})
	}
	return list
}

// describe is the description that a scenario gives of itself.
func describe(text []byte) string {
	v, err := strict.JSONValue(text)
	if err != nil {
		return ""
	}
	fields, _ := v.(map[string]any)
	description, _ := fields["description"].(string)
	return description
}

// fromLibrary loads a scenario that ships.
func fromLibrary(name string, overrides []string) (*Scenario, error) {
	if text, err := library.ReadFile(path.Join("library", name+".yaml")); err == nil {
		return parse(name+".yaml", text, overrides, librarian)
	}
	var names []string
	for _, e := range Library() {
		names = append(names, e.Name)
	}
	hint := ""
	if w := strict.Nearest(name, names); w != "" {
		hint = fmt.Sprintf("; did you mean %q?", w)
	}
	return nil, fmt.Errorf("%s: no such file, and no scenario of that name ships%s", name, hint)
}

// librarian opens the files that scenarios of the library name, or that the user
// names in place of theirs: those are looked for in the working directory.
func librarian(name string) (fs.File, error) {
	if f, err := library.Open(path.Join("library", name)); err == nil {
		return f, nil
	}
	return os.Open(name)
}
