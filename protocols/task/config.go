package task

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// Config says what a node can run, and by which means tasks survive. All
// strategies share it. The tags are for loaders of scenarios: the key as it is
// written, the default, one sentence of help.
type Config struct {
	Cores        int              `key:"cores" default:"0" doc:"tasks that a node runs at a time; 0: as many as its CPU has cores"`
	Speed        Speed            `key:"speed" default:"1" doc:"how fast a core works; sizes of tasks are given for a speed of 1"`
	Memory       int64            `key:"memory" default:"0B" unit:"B" doc:"what all tasks that run may need together; 0B: no limit"`
	Capabilities []Capability     `key:"capabilities" doc:"what a node offers, as in [gpu, ssd:2]"`
	Match        draw.Probability `key:"match" default:"100%" doc:"a node takes a task only if it offers that share of what the task needs; with strategy capability 100% is what that routes"`
	Slice        time.Duration    `key:"slice" default:"100ms" doc:"longest time for which a task keeps a core from answering messages; 0s: until it is done. A CPU with more cores than tasks use answers at once, and slices nothing"`
	Queue        Queue            `key:"queue" doc:"tasks that wait on a node"`

	Acknowledge time.Duration `key:"acknowledge" default:"1s" doc:"how long whoever hands tasks over waits before it tries again"`
	Tries       int           `key:"tries" default:"3" doc:"how often it tries before it takes them back"`
	Lease       time.Duration `key:"lease" default:"10s" doc:"where a task entered, it starts anew if nothing is heard of it for so long; 0s: what was handed over is forgotten"`
	Journal     bool          `key:"journal" default:"false" doc:"where a task enters, it is on disk before anything else, and taken up after a crash"`
	Announce    bool          `key:"announce" default:"false" doc:"tell other protocols on the node of tasks that enter, move and are done"`

	HotSpot Factor `key:"hot_spot" default:"4" doc:"figures call a node a hot spot that has so many times the mean number of tasks, and at least 4"`

	Spare bool // the CPU has more cores than tasks use; a loader sets it
}

// Factor is a number in thousandths.
type Factor = Speed

// Queue says in which order tasks wait, and how many.
type Queue struct {
	Limit      int    `key:"limit" short:"true" default:"10000" doc:"tasks that may wait; more are rejected, or stay where they are"`
	Discipline string `key:"discipline" default:"fifo" enum:"fifo,lifo,shortest,priority,deadline" doc:"which one runs next: the oldest, the newest, the smallest, the most urgent, or the one that is late first"`
	High       int    `key:"high" default:"0" doc:"a node with more tasks waiting calls itself overloaded; 0: never"`
}

// Default returns the configuration of a scenario that names nothing.
func Default() Config {
	return Config{Speed: 1000, Match: draw.Always, Slice: 100 * time.Millisecond, Queue: Queue{Limit: 10000, Discipline: "fifo"},
		Acknowledge: time.Second, Tries: 3, Lease: 10 * time.Second, HotSpot: 4000}
}

// Limits of what a node may be told.
const (
	maxCores = 1024
	maxQueue = 1 << 24
	maxTries = 100
)

// Validate returns all that is wrong with c, nil if nothing.
func (c *Config) Validate() (all []protocols.Problem) {
	add := func(bad bool, path, format string, args ...any) {
		if bad {
			all = append(all, protocols.Problemf(path, format, args...))
		}
	}
	add(c.Cores < 0 || c.Cores > maxCores, "cores", "is %d; write 1 to %d, or 0 for those of the CPU", c.Cores, maxCores)
	add(c.Speed < 1 || c.Speed > maxSpeed, "speed", "is out of range; write one from 0.001 to %d", maxSpeed/1000)
	add(c.Memory < 0, "memory", "is %d; write a size, or 0B for no limit", c.Memory)
	add(c.Slice < 0 || c.Slice > 0 && c.Slice < time.Microsecond, "slice", "is %v; write at least 1us, or 0s for none", c.Slice)
	q := &c.Queue
	add(q.Limit < 1 || q.Limit > maxQueue, "queue.limit", "is %d; write 1 to %d: a node without a queue could take nothing", q.Limit, maxQueue)
	add(q.High < 0 || q.High >= max(q.Limit, 1), "queue.high", "is %d, must be below the limit of %d", q.High, q.Limit)
	add(disciplineOf(q.Discipline) < 0, "queue.discipline", "is %q, must be fifo, lifo, shortest, priority or deadline", q.Discipline)
	add(c.Acknowledge < time.Microsecond, "acknowledge", "is %v, must be at least 1us", c.Acknowledge)
	add(c.Tries < 1 || c.Tries > maxTries, "tries", "is %d, must be 1 to %d", c.Tries, maxTries)
	add(c.Lease < 0, "lease", "is %v; write 0s for none", c.Lease)
	add(c.Lease > 0 && c.Lease < 3*c.Slice, "lease", "is %v, must be three slices of %v at least: a node renews between slices", c.Lease, c.Slice)
	add(c.HotSpot < 1000, "hot_spot", "is below 1; a hot spot has more than the mean")
	return all
}
