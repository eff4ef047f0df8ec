package scenarios

import "meshsim/protocols/dht/placement"

// ringTasks reports what keeps nodes from sharing one ring of tasks, and from being
// heard while they compute. ring is that of the first group.
func (c *compiler) ringTasks(name string, t *Task, ring **placement.Config) {
	if *ring == nil {
		*ring = &t.DHT
	}
	if one := **ring; one != t.DHT {
		c.reportIn(name, "task.dht", "differs from that of another group, but all nodes are on one ring; write it once, under protocols")
	}
	if longest := t.DHT.Patience / 2; !t.Spare && (t.Slice == 0 || t.Slice > longest) {
		c.reportIn(name, "task.slice", "keeps a node silent for as long (0s: as a task runs), and after task.dht.patience: %v its tasks are taken over while it lives; write at most %v, or nodes.%s.cpu: {cores: %d}",
			t.DHT.Patience, longest, name, t.Cores+1)
	}
}
