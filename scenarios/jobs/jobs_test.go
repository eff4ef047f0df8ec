package jobs

import (
	"slices"
	"testing"
	"time"
)

// The trace is what its source says: 5894 jobs in a day, in order, of which half
// have at most 5.4 MB.
func TestTrace(t *testing.T) {
	list, err := Lookup("fb2009")
	if err != nil {
		t.Fatal(err)
	}
	var bytes []int64
	for i, j := range list {
		if i > 0 && j.At < list[i-1].At {
			t.Fatalf("job %d comes at %v, after one at %v", i, j.At, list[i-1].At)
		}
		bytes = append(bytes, j.Bytes)
	}
	slices.Sort(bytes)
	if len(list) != 5894 || list[0].At != 49*time.Second || list[len(list)-1].At > 25*time.Hour {
		t.Errorf("%d jobs from %v to %v", len(list), list[0].At, list[len(list)-1].At)
	}
	if m := bytes[len(bytes)/2]; m < 5.3e6 || m > 5.5e6 {
		t.Errorf("half of the jobs have at most %d bytes", m)
	}
	if _, err := Lookup("nobody"); err == nil {
		t.Error("a trace that is not there is found")
	}
}
