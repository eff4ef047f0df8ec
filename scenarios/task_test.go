package scenarios

import (
	"strings"
	"testing"

	"meshsim/sim"
)

// working is a small mesh that does work.
const working = `meshsim: 1
name: working
description: Ten nodes do a little work, for tests of what scenarios may say about tasks.
run: {duration: 60s}
nodes:
  worker: {count: 10}
protocols:
  task: {}
workload:
  - {submit: {to: all, rate: 5/s, size: 1s}}
`

// What nobody can do is refused, with the place and what to write.
func TestBadTasks(t *testing.T) {
	const submit = "workload[0].submit."
	for change, want := range map[string]string{
		submit + "size=0s":          "workload[0].submit.size: 0s is outside 1ns…8760h",
		submit + "size=10":          "workload[0].submit.size",
		submit + "needs=[gpu]":      "workload[0].submit.needs: no node offers enough of gpu; write it among the task.capabilities of a group",
		submit + "needs=[gpu:0]":    "workload[0].submit.needs",
		submit + "burst=0":          "workload[0].submit.burst",
		submit + "diurnal.period=0": "workload[0].submit.diurnal.period",
		submit + "dag={kind: graph, parts: [{name: a, after: [b]}, {name: b, after: [a]}, {name: c}]}": "workload[0].submit.dag.parts: wait for one another in a circle: a, b; leave out one after",
		submit + "dag={kind: graph, parts: [{name: a, after: [a]}]}":                                   "workload[0].submit.dag.parts: wait for one another in a circle: a; leave out one after",
		submit + "dag={kind: graph, parts: [{name: fetch}, {name: b, after: [fetsh]}]}":                `workload[0].submit.dag.parts[1].after[0]: "fetsh" is no part; did you mean "fetch"?`,
		submit + "dag={kind: graph, parts: [{name: a}, {name: a}]}":                                    `workload[0].submit.dag.parts[1].name: "a" is the name of another part`,
		submit + "dag={kind: graph, parts: []}":                                                        "workload[0].submit.dag.parts",
		submit + "dag={kind: fork-join, depth: 24, width: 2}":                                          "workload[0].submit.dag.depth: is 24, with a width of 2 more than 16777216 tasks",
		submit + "dag={kind: stages, stages: 2, width: 300}":                                           "workload[0].submit.dag.width: 2 stages of 300 parts are too many",
		"protocols.task.queue={limit: 0}":                                                              "protocols.task.queue.limit: is 0; write 1 to",
		"protocols.task.queue={limit: 10, high: 10}":                                                   "protocols.task.queue.high: is 10, must be below the limit of 10",
		"protocols.task.queue.discipline=random":                                                       "protocols.task.queue.discipline",
		"protocols.task.cores=2":                                                                       "protocols.task.cores: is 2, and the CPU of worker has 1",
		"protocols.task.speed=0":                                                                       "protocols.task.speed",
		"protocols.task.tries=0":                                                                       "protocols.task.tries: is 0, must be 1 to 100",
		"protocols.task.lease=1ms":                                                                     "protocols.task.lease: is 1ms, must be three slices of 100ms at least",
		"protocols.task={strategy: auction, auction: {weights: {match: 50%}}}":                         "protocols.task.auction.weights",
	} {
		_, err := Parse("working", []byte(working), []string{change})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v\nwant %s", change, err, want)
		}
	}
}

// What most likely is not meant is warned of.
func TestTaskWarnings(t *testing.T) {
	const submit = "workload[0].submit."
	for _, x := range []struct {
		want    string
		changes []string
	}{
		{"", nil},
		{"workload[0].submit.deadline: 500ms is shorter than the fastest node needs for a task of mean size, 1s", []string{submit + "deadline=500ms"}},
		{"", []string{submit + "deadline=500ms", "protocols.task.speed=2"}},
		{"", []string{submit + "deadline=5s"}},
		{"workload[0].submit.priority: no queue looks at it", []string{submit + "priority=1"}},
		{"", []string{submit + "priority=1", "protocols.task.queue.discipline=priority"}},
		{"workload[0].submit.tail: means nothing to sizes: constant", []string{submit + "tail=3"}},
		{"", []string{submit + "tail=3", submit + "sizes=pareto"}},
		{"workload[0]={submit: {to: all, size: 2s, trace: {}}}", nil},
	} {
		if change, isTrace := strings.CutPrefix(x.want, "workload[0]="); isTrace {
			x.changes, x.want = []string{"workload[0]=" + change}, "workload[0].submit.size: means nothing beside a trace"
		}
		s, err := Parse("working", []byte(working), x.changes)
		if err != nil {
			t.Errorf("%s: %v", x.changes, err)
			continue
		}
		var got []string
		for _, w := range s.Warnings() {
			got = append(got, w.Error())
		}
		if (len(got) == 0) != (x.want == "") || len(got) > 1 || len(got) == 1 && !strings.Contains(got[0], x.want) {
			t.Errorf("%s: warned of %q, want %q", x.changes, got, x.want)
		}
	}
}

// The events that a plan tells of are those of the run, within a half.
func TestEstimateOfTasks(t *testing.T) {
	for _, changes := range [][]string{
		nil,
		{"protocols.task.slice=0s"},
		{"protocols.task.speed=2"},
		{"workload[0].submit.burst=3"},
		{"workload[0].submit={to: all, count: 20, size: 200ms, dag: {kind: fork-join, depth: 4, width: 2}}"},
		{"workload[0].submit={to: all, count: 5, size: 200ms, dag: {kind: stages, stages: 3, width: 5}}"},
		{"protocols.task.strategy=choices", "nodes.worker.cpu={cores: 2}", "protocols.task.cores=1"},
		{"protocols.task={strategy: choices, lease: 0s, choices: {nodes: 3}}", "nodes.worker.cpu={cores: 2}"},
		{"protocols.task.strategy=balance"},
		{"protocols.task.strategy=capability"},
		{"protocols.task.strategy=auction"},
		{"protocols.task.strategy=stealing"},
		{"protocols.task.strategy=dht"},
	} {
		s, err := Parse("working", []byte(working), changes)
		if err != nil {
			t.Fatalf("%s: %v", changes, err)
		}
		guess, _ := s.estimate()
		cfg, err := s.Config(0)
		if err != nil {
			t.Fatal(err)
		}
		r, err := sim.Run(cfg)
		if err != nil {
			t.Fatal(err)
		}
		got := r.Events
		if ratio := float64(guess) / float64(got); ratio < 0.5 || ratio > 1.5 {
			t.Errorf("%s: %d events, the estimate is %d", changes, got, guess)
		}
	}
}
