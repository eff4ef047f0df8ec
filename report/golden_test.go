package report

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// REWRITE=1 writes the golden files anew. Commit them only if you know what
// changed them.
var rewrite = os.Getenv("REWRITE") != ""

// golden compares with testdata/name.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if rewrite {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; got:\n%s", path, got)
	}
}
