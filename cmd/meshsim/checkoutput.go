package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// tell prints what was found, and writes the files that are asked for. The error,
// which was told, is that of a file.
func (k *checking) tell(t *checkTable) error {
	var trouble []error
	if k.junit != "" {
		trouble = append(trouble, k.writeJUnit(t))
	}
	if k.getenv("GITHUB_ACTIONS") == "true" {
		t.annotate(k.err)
		if path := k.getenv("GITHUB_STEP_SUMMARY"); path != "" {
			trouble = append(trouble, t.jobSummary(path))
		}
	}
	if k.json {
		t.json(k.out) // what fails to be printed is told at the end
	} else {
		t.text(k.out, k.ascii(), k.colored())
	}
	var first error
	for _, err := range trouble {
		if err == nil {
			continue
		}
		k.log().Error(err.Error())
		if first == nil {
			first = err
		}
	}
	return first
}

func (k *checking) writeJUnit(t *checkTable) error {
	var b bytes.Buffer
	err := t.junit(&b)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(k.junit), 0o777)
	}
	if err == nil {
		err = os.WriteFile(k.junit, b.Bytes(), 0o644)
	}
	if err != nil {
		return fmt.Errorf("the report for --junit cannot be written: %w", err)
	}
	return nil
}
