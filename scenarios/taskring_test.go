package scenarios

import (
	"strings"
	"testing"
)

const ringed = `meshsim: 1
name: ringed
run: {duration: 10s}
nodes:
  old: {count: 3, cpu: {cores: 2}}
  new: {count: 3, cpu: {cores: 2}}
protocols:
  task: {strategy: dht, cores: 1}
workload:
  - {submit: {to: old, size: 1s, rate: 1/s}}
expect:
  always: [task.takeover]
  eventually: ["task.completed >= 100% within 5s"]
`

// What would keep nodes from sharing a ring of tasks is refused, with advice.
func TestBadRingsOfTasks(t *testing.T) {
	if _, err := Parse("ringed.yaml", []byte(ringed), nil); err != nil {
		t.Errorf("a good one is refused: %v", err)
	}
	for _, c := range []struct{ set, want string }{
		{"nodes.new.protocols={task: {strategy: dht, cores: 1, dht: {virtual: 8}}}", "task.dht: differs from that of another group, but all nodes are on one ring"},
		{"protocols.task={strategy: dht, cores: 2, slice: 0s}", "task.slice: keeps a node silent for as long"},
		{"protocols.task={strategy: dht, slice: 2s}", "write at most 1.5s, or nodes.old.cpu: {cores: 3}"},
		{"protocols.task.dht.copies=17", "protocols.task.dht.copies: "},
		{"protocols.task.dht.patience=1s", "must be two renewals of 1s at least"},
	} {
		_, err := Parse("ringed.yaml", []byte(ringed), []string{c.set})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.set, err, c.want)
		}
	}
}
