package heartbeat_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/heartbeat"
	"meshsim/sim"
)

// liars is a mesh in which nothing fails, and the first members lie.
func liars(config heartbeat.Config, members, count int, name string) sim.Config {
	var who []protocols.NodeID
	for id := range protocols.NodeID(count) {
		who = append(who, id)
	}
	c := mesh(byzantine.Wrap(heartbeat.New(config), who), 1, members)
	c.Duration = 60 * time.Second
	c.Faults = []sim.Fault{{Name: "liars", At: 5 * time.Second, Byzantine: &sim.Byzantine{Nodes: sim.Selector{From: who}, Behaviour: &byzantine.Lie{Name: name}}}}
	return c
}

// Fewer liars than a quorum declare nobody failed that is alive, whether they accuse or
// show each other's signatures; a quorum does.
func TestFalseAccusers(t *testing.T) {
	config := with(func(c *heartbeat.Config) { c.Monitoring, c.Quorum = "all", 5 })
	for _, c := range []struct {
		liars int
		lie   string
		want  bool
	}{{1, "accuse", false}, {4, "accuse", false}, {1, "frame", false}, {4, "frame", false}, {5, "frame", true}} {
		r := run(t, liars(config, 12, c.liars, c.lie))
		if failed := figure(t, r, "false_failures") > 0; failed != c.want {
			t.Errorf("%d liars %s, the quorum is 5: a failure is declared: %v", c.liars, c.lie, failed)
		}
		for _, v := range r.Violations {
			if v.Check == "quorum" {
				t.Errorf("%d liars %s: %s", c.liars, c.lie, v.Text)
			}
		}
	}
}

// In SWIM one liar is enough, and its victim has to refute again and again.
func TestFalseAccuserInSWIM(t *testing.T) {
	r := run(t, liars(variants[4].config, 12, 1, "accuse"))
	if figure(t, r, "false_failures") == 0 {
		t.Error("the liar has nobody declared failed")
	}
}

// Observers that never confirm cannot hide a crash from a quorum of the others; if
// too few are left, they can.
func TestWithheldConfirmations(t *testing.T) {
	for liarCount, want := range map[int]bool{5: true, 8: false} {
		config := with(func(c *heartbeat.Config) { c.Monitoring, c.Quorum = "all", 5 })
		c := liars(config, 12, liarCount, "withhold")
		c.Faults = append(c.Faults, sim.Fault{Name: "crash", At: 15 * time.Second, Crash: &sim.Crash{Nodes: sim.Selector{From: []protocols.NodeID{11}}}})
		r := run(t, c)
		detected := false
		for _, x := range r.Figures["heartbeat"].Items {
			detected = detected || x.Metric == "detection_time" && !x.Censored
		}
		if detected != want {
			t.Errorf("%d of 11 observers confirm nothing: the crash is declared: %v", liarCount, detected)
		}
	}
}
