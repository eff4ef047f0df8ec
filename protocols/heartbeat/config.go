package heartbeat

import "time"

// Config says how failures are detected. The tags are for loaders of scenarios:
// the key as it is written, the default, the words allowed, one sentence of help.
type Config struct {
	Detector string        `key:"detector" default:"fixed" enum:"fixed,nfd-s,nfd-e,phi,swim" doc:"what takes silence for a failure: a fixed timeout; the freshness points of Chen et al. for synchronised clocks (nfd-s) or from estimated arrivals (nfd-e); the phi accrual detector; or SWIM, whose members ping one another"`
	Interval time.Duration `key:"interval" default:"3s" doc:"time between a node's heartbeats; with swim, the protocol period"`
	Timeout  time.Duration `key:"timeout" default:"10s" doc:"silence after which a peer is suspected; with nfd-s and nfd-e interval and margin together, so that a crash is noticed within it; with phi for the first heartbeats only; swim has timeouts of its own"`
	Phase    string        `key:"phase" default:"random" enum:"random,synchronous" doc:"when intervals begin: each node at its own time, or all at multiples of the interval"`

	Watch      string `key:"watch" default:"members" enum:"members,neighbours,announced" doc:"whom a node may watch: all that run this protocol, its neighbours in the topology, or the peers that another protocol on the node announces"`
	Monitoring string `key:"monitoring" default:"ring" enum:"ring,random,all" doc:"who watches whom among the members: each its k successors, those at k random distances, or everybody everybody, which costs messages that grow with the square of the nodes"`
	K          int    `key:"k" default:"3" doc:"the k of ring and random"`

	Confirm string `key:"confirm" default:"observers" enum:"observers,members,none" doc:"whose signed accusations declare a failure: of those that watch the peer, of all members, or nobody's, so that a suspicion is a failure"`
	Quorum  int    `key:"quorum" default:"0" doc:"how many of them, the node's own included; 0 is a majority"`

	Window int  `key:"window" default:"100" doc:"arrivals from which nfd-e and phi estimate the next"`
	Phi    Phi  `key:"phi" doc:"of the detector phi"`
	SWIM   SWIM `key:"swim" doc:"of the detector swim"`
}

// Phi configures the phi accrual detector.
type Phi struct {
	Threshold    int           `key:"threshold" default:"8" doc:"a peer is suspected when the chance that its heartbeat is still under way has fallen to 10 to the minus this"`
	MinDeviation time.Duration `key:"min_deviation" default:"100ms" doc:"the deviation of arrivals counts as no less than this"`
	Pause        time.Duration `key:"pause" default:"0s" doc:"silence that is accepted besides"`
}

// SWIM configures the detector swim.
type SWIM struct {
	Targets     string        `key:"targets" default:"round-robin" enum:"round-robin,random" doc:"whom a member pings next: each once, in an order drawn anew each time round, or anybody"`
	PingTimeout time.Duration `key:"ping_timeout" default:"500ms" doc:"time without an answer after which others are asked to ping"`
	Indirect    int           `key:"indirect" default:"3" doc:"how many others are asked"`
	Suspicion   int           `key:"suspicion" default:"4" doc:"periods, times log10 of the members, that a suspect has to refute; 0 declares failures without suspicion"`
	Retransmit  int           `key:"retransmit" default:"4" doc:"lambda: each update is sent this often, times log10 of the members"`
	Updates     int           `key:"updates" default:"20" doc:"most updates in a message; those sent least go first"`
	Sync        time.Duration `key:"sync" default:"30s" doc:"time between exchanges of all that two members know, with one that was declared failed in half of the cases; 0s is never"`
	Lifeguard   *Lifeguard    `key:"lifeguard" off:"true" doc:"members that may be slow themselves are slower to judge (Dadgar et al. 2018)"`
}

// Lifeguard configures the extension of SWIM of that name.
type Lifeguard struct {
	MaxHealth     int  `key:"max_health" default:"8" doc:"a member that is slow itself stretches its period and timeouts by at most 1 and this"`
	MaxSuspicion  int  `key:"max_suspicion" default:"6" doc:"a suspicion that nobody shares lasts so many times as long as one that is shared"`
	Confirmations int  `key:"confirmations" default:"3" doc:"independent accusers after which a suspicion is the shortest"`
	Buddy         bool `key:"buddy" default:"true" doc:"a suspect is told first that it is one"`
}

// Default returns the configuration of a scenario that names nothing: a fixed
// timeout of 10 seconds, heartbeats every 3 to three observers on a ring, two of
// whom must agree.
func Default() Config {
	return Config{
		Detector: "fixed", Interval: 3 * time.Second, Timeout: 10 * time.Second, Phase: "random",
		Watch: "members", Monitoring: "ring", K: 3, Confirm: "observers", Window: 100,
		Phi: Phi{Threshold: 8, MinDeviation: 100 * time.Millisecond},
		SWIM: SWIM{Targets: "round-robin", PingTimeout: 500 * time.Millisecond, Indirect: 3, Suspicion: 4,
			Retransmit: 4, Updates: 20, Sync: 30 * time.Second},
	}
}

// DefaultLifeguard returns the configuration that "lifeguard: {}" stands for.
func DefaultLifeguard() *Lifeguard {
	return &Lifeguard{MaxHealth: 8, MaxSuspicion: 6, Confirmations: 3, Buddy: true}
}

// Square reports whether messages grow with the square of the nodes.
func (c *Config) Square() bool {
	return c.Detector != "swim" && c.Watch == "members" && c.Monitoring == "all"
}

// CallsPerInterval is about how often a node is called in an interval while nobody
// fails, in a mesh of so many.
func (c *Config) CallsPerInterval(members int) int {
	switch {
	case c.Detector == "swim":
		return 4 // a ping and its answer on both sides, and two timers
	case c.Square():
		return members
	}
	return 1 + c.K
}
