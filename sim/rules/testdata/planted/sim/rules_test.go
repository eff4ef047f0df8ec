package sim

import (
	"os"
	"testing"
)

// A test may do all of it.
func TestWalk(t *testing.T) {
	for range map[int]int{1: len(os.Args)} {
		go t.Log()
	}
}
