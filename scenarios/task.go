package scenarios

import (
	"meshsim/protocols"
	"meshsim/protocols/auction"
	"meshsim/protocols/balance"
	"meshsim/protocols/capability"
	"meshsim/protocols/dht/placement"
	"meshsim/protocols/draw"
	"meshsim/protocols/task"
	"meshsim/protocols/worksteal"
	"meshsim/scenarios/strict"
)

// Task is what nodes run that do work. The word selects the strategy; the blocks
// of the others have no effect, so that a sweep over the word compares them.
type Task struct {
	Strategy    string `key:"strategy" default:"local" enum:"local,choices,stealing,balance,capability,auction,dht" doc:"who decides where a task runs: nobody (local), the least loaded of a few (choices), thieves with nothing to do (stealing), nodes with much to do (balance), what tasks need (capability), bids (auction), or a hash (dht)"`
	task.Config `key:",inline"`
	Choices     task.ChoicesConfig `key:"choices" doc:"of strategy choices: the least loaded of a few nodes drawn at random (Mitzenmacher 2001)"`
	Stealing    worksteal.Config   `key:"stealing" doc:"of strategy stealing: nodes with nothing to do ask others (Blumofe and Leiserson 1999)"`
	Balance     balance.Config     `key:"balance" doc:"of strategy balance: nodes with much to do migrate tasks to nodes with little"`
	Capability  capability.Config  `key:"capability" doc:"of strategy capability: the best match of those that told of what they offer"`
	Auction     auction.Config     `key:"auction" doc:"of strategy auction: nodes bid for each task (Smith 1980)"`
	DHT         placement.Config   `key:"dht" doc:"of strategy dht: the node that a hash of the task names, and copies on the next (Karger et al. 1997, Stoica et al. 2001)"`
}

// protocol describes the tasks under the selected strategy. Whoever adds a
// strategy adds its word, its block and a case.
func (t *Task) protocol() *protocols.Protocol {
	switch t.Strategy {
	case "choices":
		return task.NewChoices(t.Config, t.Choices)
	case "stealing":
		return worksteal.New(t.Config, t.Stealing)
	case "balance":
		return balance.New(t.Config, t.Balance)
	case "capability":
		return capability.New(t.Config, t.Capability)
	case "auction":
		return auction.New(t.Config, t.Auction)
	case "dht":
		return placement.New(t.Config, t.DHT)
	}
	return task.NewLocal(t.Config)
}

// lacksTask says what a node would have to run to do work.
func lacksTask(p *Protocols) string {
	if p.Task == nil {
		return "task: {}"
	}
	return ""
}

// compileTasks fits the tasks of each group to its CPU, and reports groups that
// do not go together.
func (c *compiler) compileTasks() {
	strategy := ""
	var first *capability.Config // of the first group with capability routing
	var ring *placement.Config   // of the first group with strategy dht
	for i := range c.Nodes {
		name, g := c.Nodes[i].Key, &c.Nodes[i].Value
		t := g.Protocols.Value.Task
		if t == nil {
			continue
		}
		cores := max(g.CPU.Cores, 1)
		if t.Cores == 0 {
			t.Cores = cores
		}
		if t.Cores > cores {
			c.reportIn(name, "task.cores", "is %d, and the CPU of %s has %d; write at most that, or nodes.%s.cpu: {cores: %d}", t.Cores, name, cores, name, t.Cores)
		}
		t.Spare = cores > t.Cores
		if t.Strategy == "stealing" && t.Stealing.Distribute && t.Queue.High == 0 {
			c.reportIn(name, "task.stealing.distribute", "has no effect, as no node calls itself overloaded; write task.queue: {high: 20}, or distribute: false")
		}
		if t.Strategy == "capability" {
			c.matchTasks(name, t, &first)
		}
		if t.Strategy == "dht" {
			c.ringTasks(name, t, &ring)
		}
		if strategy == "" {
			strategy = t.Strategy
		}
		if t.Strategy != strategy {
			c.reportIn(name, "task.strategy", "is %s, and another group has %s: all nodes follow one strategy", t.Strategy, strategy)
		}
	}
}

// matchTasks fits what a node runs to what routers send it, and reports what does
// not go together: 100% is whatever they send. first is the routing of the first
// group.
func (c *compiler) matchTasks(name string, t *Task, first **capability.Config) {
	least := t.Capability.Least()
	if t.Match > least {
		if written := c.Written("protocols.task.match") || c.Written("nodes."+name+".protocols.task.match"); written && t.Match < draw.Always {
			c.reportIn(name, "task.match", "is above what task.capability lets come down to: nodes would refuse what is sent to them; write at most %s, or leave it out", strict.FormatProbability(least))
		}
		t.Match = least
	}
	if *first == nil {
		*first = &t.Capability
	}
	if one := **first; one.Threshold != t.Capability.Threshold || one.Least() != least {
		c.reportIn(name, "task.capability.threshold", "differs from that of another group: all nodes route by one threshold")
	}
}
