// Package protocoltest helps to test protocols.
package protocoltest

import (
	_ "meshsim/protocols"
	"os"
	"testing"
)

// Golden may read files.
func Golden(t *testing.T) {
	if _, err := os.ReadFile("golden"); err != nil {
		t.Fatal(err)
	}
}
