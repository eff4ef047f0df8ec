package scenarios

import (
	"strings"
	"testing"

	"meshsim/scenarios/strict"
)

const routed = `meshsim: 1
name: routed
description: tasks that need something
run: {duration: 10s, seed: 1}
nodes:
  plain: {count: 4}
  gpus: {count: 2, protocols: {task: {capabilities: ["gpu:2"]}}}
protocols: {task: {strategy: capability}}
workload:
  - {submit: {to: plain, needs: ["gpu:2"], rate: 1/s}, start: 1s, stop: 5s}
`

// Nodes run what matches to the threshold, unless the scenario says less.
func TestCapabilityThreshold(t *testing.T) {
	for _, c := range []struct{ set, want string }{
		{"", "70%"},
		{"protocols.task.capability.threshold=80%", "80%"},
		{"protocols.task.match=30%", "30%"},
		{"protocols.task.capability.fallback=relax", "40%"},
	} {
		s, err := Parse("routed.yaml", []byte(routed), strings.Fields(c.set))
		if err != nil {
			t.Errorf("%s: %v", c.set, err)
			continue
		}
		if got := s.Nodes[0].Value.Protocols.Value.Task.Match; strict.FormatProbability(got) != c.want {
			t.Errorf("%s: nodes run what matches to %s, want %s", c.set, strict.FormatProbability(got), c.want)
		}
	}
}

// What is wrong is found where it is written, with advice.
func TestCapabilityRefused(t *testing.T) {
	for _, c := range []struct{ set, path, advice string }{
		{"protocols.task.capability.threshold=1.2", "protocols.task.capability.threshold", "1.2"},
		{"protocols.task.capability.threshold=-10%", "protocols.task.capability.threshold", "-10%"},
		{"protocols.task.match=90%", "protocols.task.match", "write at most 70%"},
		{"nodes.gpus.protocols.task.capability.threshold=50%", "nodes.gpus.protocols.task.capability.threshold", "another group"},
		{"protocols.task.capability.expire=1s", "protocols.task.capability.expire", "two intervals"},
		{"workload[0].submit.needs=[fpga]", "workload[0].submit.needs", "task.capabilities"},
		{"workload[0].submit.needs=[gpu:4]", "workload[0].submit.needs", "task.capabilities"}, // half is below 70%
	} {
		_, err := Parse("routed.yaml", []byte(routed), []string{c.set})
		if err == nil {
			t.Errorf("%s is accepted", c.set)
		} else if text := err.Error(); !strings.Contains(text, c.path) || !strings.Contains(text, c.advice) {
			t.Errorf("%s: %s", c.set, text)
		}
	}
}
