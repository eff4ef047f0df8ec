package scenarios

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"meshsim/sim"
)

// A replication alone is the same as among others, a random topology included.
func TestReplicate(t *testing.T) {
	s, err := Parse("s.yaml", []byte(strings.TrimSuffix(swept, "sweep:\n")), []string{"run.repeat=3", "topology={kind: erdos-renyi, degree: 4}"})
	if err != nil {
		t.Fatal(err)
	}
	study, err := Run(context.Background(), s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range study.Results {
		got, panicked, err := Replicate(context.Background(), s, i, Options{Workers: 1})
		if err != nil || panicked != nil {
			t.Fatal(panicked, err)
		}
		if got.Fingerprint != want.Fingerprint || got.Seed != want.Seed || !reflect.DeepEqual(got.Kinds, want.Kinds) {
			t.Errorf("replication %d differs", i)
		}
	}
}

func TestReplicatePanics(t *testing.T) {
	s, err := Parse("s.yaml", []byte(strings.TrimSuffix(swept, "sweep:\n")), nil)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Workers: 1, run: func(sim.Config) (*sim.Result, error) { panic("boom") }}
	if _, p, err := Replicate(context.Background(), s, 2, o); err != nil || p == nil || p.Seed != s.Seed(2) || !strings.HasPrefix(p.Text, "boom, with seed") {
		t.Errorf("panic %v, error %v", p, err)
	}
	o.run = func(sim.Config) (*sim.Result, error) { return nil, errors.New("no") }
	if _, p, err := Replicate(context.Background(), s, 0, o); err == nil || p != nil {
		t.Errorf("panic %v, error %v", p, err)
	}
}
