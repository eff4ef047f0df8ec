package scenarios

import (
	"os"
	"regexp"
	"testing"
	"time"

	"meshsim/scenarios/strict"
	"meshsim/sim"
)

// long numbers are left out of the fuzz: a hundred million nodes are legal, and
// take their memory.
var longNumber = regexp.MustCompile(`[0-9_]{6}|[0-9.]{4}[GT]`)

// FuzzParse: whatever is given, there is no panic and all problems have places;
// what is accepted compiles, reads back from its resolved form, and runs.
func FuzzParse(f *testing.F) {
	for _, e := range Library() {
		f.Add(string(e.Text))
	}
	for _, name := range Templates() {
		text, _ := Template(name)
		f.Add(string(text))
	}
	for _, file := range []string{"testdata/bad.yaml", "testdata/misfit.yaml"} {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(small)
	f.Add(everything)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 8192 || longNumber.MatchString(text) {
			return
		}
		s, err := parse("fuzz.yaml", []byte(text), nil, librarian)
		if err != nil {
			checkProblems(t, err)
			return
		}
		again, err := parse("fuzz.yaml", s.Resolved(), nil, librarian)
		if err != nil {
			t.Fatalf("the resolved form does not read back: %v\n%s", err, s.Resolved())
		}
		if string(again.Resolved()) != string(s.Resolved()) {
			t.Fatalf("no fixpoint:\n%s\n%s", s.Resolved(), again.Resolved())
		}
		runBriefly(t, s)
	})
}

func checkProblems(t *testing.T, err error) {
	problems, ok := err.(*strict.Problems)
	if !ok {
		t.Fatalf("error of type %T: %v", err, err)
	}
	for _, p := range problems.List {
		if p.Text == "" || p.Line < 1 || p.Column < 1 {
			t.Fatalf("problem without a place: %+v", p)
		}
	}
}

// runBriefly runs the first instants of what is small enough.
func runBriefly(t *testing.T, s *Scenario) {
	if s.Plan().String() == "" {
		t.Fatal("no plan")
	}
	for replication := range 2 {
		cfg, err := s.Config(replication)
		if err != nil {
			t.Fatal(err)
		}
		if s.plan.nodes > 500 {
			return
		}
		cfg.Duration = min(cfg.Duration, 20*time.Millisecond)
		cfg.Sample = max(cfg.Sample, time.Millisecond)
		for i := range cfg.Faults {
			cfg.Faults[i].At %= cfg.Duration
		}
		r, err := sim.Run(cfg)
		if err != nil {
			t.Fatalf("accepted, and the kernel says: %v", err)
		}
		Evaluate(s, []*sim.Result{r, nil})
	}
}
