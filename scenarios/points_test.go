package scenarios

import (
	"slices"
	"strings"
	"testing"
)

const swept = `meshsim: 1
name: swept
run: {duration: 3s, seed: 5}
nodes: {core: {count: 8}}
protocols: {gossip: {fanout: 2, interval: 1s}}
workload: [{publish: {from: core-0, count: 1}}]
expect: {thresholds: {net.messages: mean < 1000}}
sweep:
`

func pointsOf(t *testing.T, sweep string) ([]string, []Point) {
	t.Helper()
	s, err := Parse("s.yaml", []byte(swept+sweep), nil)
	if err != nil {
		t.Fatal(err)
	}
	points, err := s.Points()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range points {
		names = append(names, p.Name)
	}
	return names, points
}

func TestPoints(t *testing.T) {
	for _, c := range []struct{ sweep, want string }{
		{"  matrix: {protocols.gossip.fanout: [2, 3], protocols.gossip.interval: [1s, 2s]}", "fanout=2 interval=1s, fanout=2 interval=2s, fanout=3 interval=1s, fanout=3 interval=2s"},
		{"  matrix: {protocols.gossip.fanout: 4}\n  zip: {nodes.core.count: [8, 9], run.duration: [3s, 4s]}", "fanout=4 count=8 duration=3s, fanout=4 count=9 duration=4s"},
		{"  matrix: {protocols.gossip.fanout: [2, 3], run.duration: [3s, 4s]}\n  exclude: [{protocols.gossip.fanout: 2, run.duration: 4s}]", "fanout=2 duration=3s, fanout=3 duration=3s, fanout=3 duration=4s"},
		{"  matrix: {protocols.gossip.fanout: [2, 3, 4], run.duration: [500ms, 4s]}\n  where: [fanout > 2 and not fanout = 4 or duration < 1s, fanout != 2]", "fanout=3 duration=500ms, fanout=3 duration=4s, fanout=4 duration=500ms"},
		{"  matrix: {network.default.loss: [{model: gilbert-elliott, p: 1%, r: 30%}, 2%]}", "loss={model: gilbert-elliott, p: 1%, r: 30%}, loss=2%"},
	} {
		if names, _ := pointsOf(t, c.sweep); strings.Join(names, ", ") != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.sweep, strings.Join(names, ", "), c.want)
		}
	}
}

// A point is the scenario with its settings as overrides, and says nothing of
// the sweep; replication i has the same seed everywhere.
func TestPointIsTheScenarioOverridden(t *testing.T) {
	_, points := pointsOf(t, "  matrix: {protocols.gossip.fanout: [2, 3], network.default.loss: [1%, 2%]}\n  baseline: {protocols.gossip.fanout: 3, network.default.loss: 1%}")
	for i, p := range points {
		s, err := p.Load()
		if err != nil {
			t.Fatal(err)
		}
		fanout, loss := "23"[i/2:i/2+1], "12"[i%2:i%2+1]+"%"
		want, err := Parse("s.yaml", []byte(strings.TrimSuffix(swept, "sweep:\n")), []string{"protocols.gossip.fanout=" + fanout, "network.default.loss=" + loss})
		if err != nil {
			t.Fatal(err)
		}
		if string(s.Resolved()) != string(want.Resolved()) {
			t.Errorf("%s is\n%s", p.Name, s.Resolved())
		}
		if s.Seed(7) != want.Seed(7) || p.Baseline != (i == 2) {
			t.Errorf("%s: seed %d, baseline %v", p.Name, s.Seed(7), p.Baseline)
		}
	}
}

func TestBadSweeps(t *testing.T) {
	for _, c := range []struct{ sweep, want string }{
		{"  repeat: 3", "sweep: has no points; write matrix"},
		{"  matrix: {protocols.gossip.fanuot: [2]}", `s.yaml:9:37: sweep.matrix.protocols.gossip.fanuot: protocols.gossip has no field "fanuot"; did you mean "fanout"?`},
		{"  matrix: {nodes.cor.count: [2]}", `no group is called "cor"; did you mean "core"?`},
		{"  matrix: {run.seed: [2]}", "same seed at every point"},
		{"  matrix: {run.repeat: [2]}", "write sweep: {repeat: 30}"},
		{"  matrix: {run.duration: [1s, 1s]}", "1s is named twice"},
		{"  zip: {run.duration: [1s, 2s], nodes.core.count: [8]}", "has 1 values and run.duration has 2"},
		{"  matrix: {run.duration: [1s]}\n  baseline: {run.duration: 2s}", "2s is none of its values; write 1s"},
		{"  matrix: {run.duration: [1s]}\n  where: durtion > 1s", "durtion is no field of the sweep"},
		{"  matrix: {run.duration: [1s]}\n  where: duration > 1KiB", "1s and 1KiB cannot be compared by >"},
		{"  matrix: {run.duration: [1s]}\n  objective: {metric: net.mesages}", `did you mean "net.messages"?`},
		{"  matrix: {run.duration: [1s]}\n  objective: {metric: net.messages, statistic: p95}", "net.messages has no p95; write value"},
	} {
		_, err := Parse("s.yaml", []byte(swept+c.sweep), nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\ngot %v\nwant %s", c.sweep, err, c.want)
		}
	}
}

// What is wrong with a value is told where the sweep says it.
func TestBadPoint(t *testing.T) {
	_, points := pointsOf(t, "  matrix: {protocols.gossip.interval: [1s, 20]}")
	_, err := points[1].Load()
	if err == nil || !strings.HasPrefix(err.Error(), `s.yaml:9:44: protocols.gossip.interval: "20" has no unit; write 20ms or 20s (at the point interval=20)`) {
		t.Errorf("error %v", err)
	}
}

func TestNoPoints(t *testing.T) {
	s, err := Parse("s.yaml", []byte(swept+"  matrix: {run.duration: [1s]}\n  where: duration > 1s"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Points(); err == nil || !strings.Contains(err.Error(), "nothing is left to run") {
		t.Errorf("error %v", err)
	}
}

func TestShortNames(t *testing.T) {
	got := ShortNames([]string{"protocols.gossip.interval", "protocols.heartbeat.interval", "run.duration"})
	if want := []string{"gossip.interval", "heartbeat.interval", "duration"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
