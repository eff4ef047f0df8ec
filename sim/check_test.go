package sim

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// Everything that a Config must not say is said back in a sentence.
func TestCheck(t *testing.T) {
	ids := func(ids ...protocols.NodeID) Set { return Set{IDs: ids} }
	fault := func(f Fault) func(c *Config) {
		return func(c *Config) { c.Faults = append(c.Faults, f) }
	}
	protocol := func(change func(p *protocols.Protocol)) func(c *Config) {
		return func(c *Config) {
			p := *c.Groups[0].Stack[0]
			change(&p)
			c.Groups[0].Stack = []*protocols.Protocol{&p}
		}
	}
	short, _ := draw.Exponential(0, 100)
	second := draw.Constant(1e9)
	for _, x := range []struct {
		change func(c *Config)
		want   string // "" if it is fine
	}{
		{func(c *Config) {}, ""},
		{func(c *Config) { c.Groups = nil }, "there are no nodes; declare a group with a count of 1 or more"},
		{func(c *Config) { c.Groups[0].Count = 0 }, "there are no nodes; declare a group with a count of 1 or more"},
		{func(c *Config) { c.Groups[0].Count = -1 }, `group "all": the number of nodes is -1; write 0 to 134217728`},
		{func(c *Config) { c.Groups[0].Count = math.MaxInt }, `group "all": the number of nodes is `},
		{func(c *Config) { c.Groups = append(c.Groups, Group{Count: maxNodes}) }, "there are more than 134217728 nodes; declare fewer"},
		{func(c *Config) { c.Groups = append(c.Groups, c.Groups[0]) }, `two groups are called "all", so their nodes would draw alike; give each a name of its own`},
		{func(c *Config) { c.Groups[0].Zones = []int{0} }, `group "all": the latency matrix has no zone 0`},
		{func(c *Config) { c.Groups[0].Stack = []*protocols.Protocol{nil} }, `group "all": its stack holds a protocol that is nil`},
		{func(c *Config) { c.Groups[0].Stack = append(c.Groups[0].Stack, c.Groups[0].Stack[0]) }, `group "all": its nodes run script twice; a node runs a protocol once`},
		{func(c *Config) { c.Groups[0].Stack = nil }, ""},
		{protocol(func(p *protocols.Protocol) { p.Name = "" }), `group "all": a protocol is called "", which is no name for one`},
		{protocol(func(p *protocols.Protocol) { p.Name = "node" }), `group "all": a protocol is called "node", which is no name for one`},
		{protocol(func(p *protocols.Protocol) { p.New = nil }), `group "all": protocol script cannot make nodes: New is nil`},
		{protocol(func(p *protocols.Protocol) { p.Decode = nil }), ""},
		{protocol(func(p *protocols.Protocol) { p.Kinds = make([]string, 257) }), `group "all": protocol script has 257 kinds of messages; the most is 256`},
		{protocol(func(p *protocols.Protocol) { p.Observations = make([]string, 65) }), `group "all": protocol script has 65 kinds of observations; the most is 64`},
		{func(c *Config) {
			c.Wire = true
			protocol(func(p *protocols.Protocol) { p.Decode = nil })(c)
		}, `group "all": protocol script cannot run in wire mode: Decode is nil`},
		{func(c *Config) {
			c.Network.Default.Corrupt = 1
			protocol(func(p *protocols.Protocol) { p.Decode = nil })(c)
		}, "default link: a link that corrupts needs a Decode of protocol script, which has none"},
		{func(c *Config) { c.Groups[0].CPU.Cores = -1 }, `group "all": the number of cores is -1; write 0 to 65536`},
		{func(c *Config) { c.Groups[0].CPU.PerMessage = -1 }, `group "all": the CPU time a message is -1ns; write 0s to 8760h0m0s`},
		{func(c *Config) { c.Groups[0].CPU.PerByte = time.Minute }, `group "all": the CPU time a byte is 1m0s; write 0s to 1s`},
		{func(c *Config) { c.Groups[0].CPU.PerKiB = -1 }, `group "all": the CPU time a KiB is -1ns; write 0s to 1h0m0s`},
		{func(c *Config) { c.Groups[0].CPU.Queue = -1 }, `group "all": the length of the CPU's queue is -1; write 0 to `},
		{func(c *Config) { c.Groups[0].Clock.DriftPPB = -2e8 }, `group "all": the clock's drift in parts per billion is -200000000; write -100000000 to 100000000`},
		{func(c *Config) { c.Groups[0].Clock.DriftRange = -1 }, `group "all": the range of the clock's drift in parts per billion is -1; write 0 to 100000000`},
		{func(c *Config) { c.Groups[0].Clock.Offset = math.MinInt64 }, `group "all": the clock's offset is `},
		{func(c *Config) { c.Groups[0].Clock.OffsetRange = -1 }, `group "all": the range of the clock's offset is -1ns; write 0s to `},
		{func(c *Config) { c.Groups[0].Uplink.BitsPerSecond = -1 }, `group "all": the rate of the uplink in bits a second is -1; write 0 to 1000000000000000`},
		{func(c *Config) { c.Groups[0].Downlink.QueueBytes = -1 }, `group "all": the queue of the downlink in bytes is -1; write 0 to `},
		{func(c *Config) { c.Groups[0].DiskSync = -1 }, `group "all": the time of a disk sync is -1ns; write 0s to 8760h0m0s`},
		{func(c *Config) { c.Groups[0].DiskPerKiB = -1 }, `group "all": the time of a disk sync for a KiB is -1ns; write 0s to 1h0m0s`},
		{func(c *Config) { c.Groups[0].DiskCapacity = -1 }, `group "all": the disk's capacity in bytes is -1; write 0 to `},

		{func(c *Config) { c.Duration = 0 }, "the duration is 0s; write 1ns to "},
		{func(c *Config) { c.Duration = math.MaxInt64 }, "the duration is 2562047h47m16.854775807s; write 1ns to "},
		{func(c *Config) { c.Warmup = -1 }, "the warmup is -1ns; write 0s to "},
		{func(c *Config) { c.Sample = -1 }, "the sampling interval is -1ns; write 0s to "},
		{func(c *Config) { c.Sample = 1 }, "a sample every 1ns for 1s are more than 10000000; write a longer interval"},
		{func(c *Config) { c.Workers = -1 }, "the number of workers is -1; write 0 to 64"},
		{func(c *Config) { c.Workers = 65 }, "the number of workers is 65; write 0 to 64"},
		{func(c *Config) { c.Mode = 9 }, "the mode is 9; write 0 to 2"},

		{func(c *Config) { c.Network.Zones = &Zones{} }, "the number of zones is 0; write 1 to 32767"},
		{func(c *Config) { c.Network.Zones = &Zones{Names: []string{"a", "b"}, OneWay: make([]time.Duration, 3)} }, "the latency matrix has 3 entries; 2 zones need 4"},
		{func(c *Config) { c.Network.Zones = &Zones{Names: []string{"a"}, OneWay: []time.Duration{-1}} }, "from zone a to a: the latency is -1ns; write 0s to 8760h0m0s"},
		{func(c *Config) { c.Network.Default.Latency.Zoned = true }, ""}, // the base will do
		{func(c *Config) { c.Network.Default.Latency.Base = -1 }, "default link: the latency is -1ns; write 0s to 8760h0m0s"},
		{func(c *Config) { c.Network.Default.Latency.Floor = -1 }, "default link: the least latency is -1ns; write 0s to 8760h0m0s"},
		{func(c *Config) { c.Network.Default.ReorderBy = -1 }, "default link: the time by which messages are reordered is -1ns; write 0s to 8760h0m0s"},
		{func(c *Config) { c.Network.Default.Retry = 25 * time.Hour }, "default link: the time to the first retry is 25h0m0s; write 0s to 24h0m0s"},
		{func(c *Config) { c.Network.Default.Pipe.BitsPerSecond = -1 }, "default link: the rate of the link in bits a second is -1; write 0 to 1000000000000000"},
		{func(c *Config) { c.Network.Links = []LinkRule{{From: ids(0, 9), To: ids()}} }, "link rule 0: node 9 does not exist; nodes are 0 to 3"},
		{func(c *Config) { c.Network.Links = []LinkRule{{From: ids(), To: ids(2, 1)}} }, "link rule 0: node 1 comes after node 2; list nodes once each, ascending"},
		{func(c *Config) { c.Network.Links = []LinkRule{{Link: Link{Retry: -1}}} }, "link rule 0: the time to the first retry is -1ns; write 0s to 24h0m0s"},
		{func(c *Config) { c.Network.Links = []LinkRule{{From: Set{All: true}, To: Set{All: true}}} }, ""},

		{fault(Fault{Name: "f"}), `fault "f": it has 0 verbs; set exactly one of crash, pause, partition, degrade, clock, churn`},
		{fault(Fault{Name: "f", Crash: &Crash{}, Pause: &Pause{}}), `fault "f": it has 2 verbs; set exactly one of crash, pause, partition, degrade, clock, churn`},
		{fault(Fault{Name: "f", At: -1, Crash: &Crash{}}), `fault "f": its beginning is -1ns; write 0s to `},
		{fault(Fault{Name: "f", For: -1, Crash: &Crash{}}), `fault "f": its length is -1ns; write 0s to `},
		{fault(Fault{Name: "f", Every: -1, Crash: &Crash{}}), `fault "f": its distance is -1ns; write 0s to `},
		{fault(Fault{Name: "f", Every: 1, Crash: &Crash{}}), `fault "f": it strikes every 1ns, more than 1000000 times in 1s; write a longer distance`},
		{fault(Fault{Name: "f", Crash: &Crash{Nodes: nodes(7)}}), `fault "f": node 7 does not exist; nodes are 0 to 3`},
		{fault(Fault{Name: "f", Crash: &Crash{Nodes: nodes(1, 1)}}), `fault "f": node 1 comes after node 1; list nodes once each, ascending`},
		{fault(Fault{Name: "f", Pause: &Pause{Selector{Count: -1}}}), `fault "f": the number of selected nodes is -1; write 0 to 134217728`},
		{fault(Fault{Name: "f", Pause: &Pause{Selector{Observed: "script.king"}}}), `fault "f": no protocol observes the role "script.king"`},
		{fault(Fault{Name: "f", Pause: &Pause{Selector{Observed: "king"}}}), `fault "f": no protocol observes the role "king"`},
		{func(c *Config) { c.Faults = []Fault{{Crash: &Crash{}}, {Pause: &Pause{}}} }, `two faults are called "", so they would draw alike; give each a name of its own`},
		{fault(Fault{Name: "f", Partition: &Partition{}}), `fault "f": the number of sides is 0; write 1 to 250`},
		{fault(Fault{Name: "f", Partition: &Partition{Sides: make([]Selector, 251)}}), `fault "f": the number of sides is 251; write 1 to 250`},
		{fault(Fault{Name: "f", Partition: &Partition{Sides: []Selector{nodes(8)}}}), `fault "f": node 8 does not exist; nodes are 0 to 3`},
		{fault(Fault{Name: "f", Partition: &Partition{Sides: []Selector{{}}, Bridge: &Selector{From: []protocols.NodeID{4}}}}), `fault "f": node 4 does not exist; nodes are 0 to 3`},
		{fault(Fault{Name: "f", Partition: &Partition{Sides: []Selector{{}}, Up: 1}}), `fault "f": it is up for 1ns, but never down; write how long it is down`},
		{fault(Fault{Name: "f", Partition: &Partition{Sides: []Selector{{}}, Down: -1}}), `fault "f": the time down is -1ns; write 0s to `},
		{fault(Fault{Name: "f", Partition: &Partition{Sides: []Selector{{}}, Down: 1}}), `fault "f": it goes down and up again within 1ns, more than 1000000 times in 1s; write longer times`},
		{fault(Fault{Name: "f", Degrade: &Degrade{Latency: -1}}), `fault "f": the added latency is -1ns; write 0s to 8760h0m0s`},
		{fault(Fault{Name: "f", Clock: &ClockFault{DriftPPB: 1e9}}), `fault "f": the drift in parts per billion is 1000000000; write -100000000 to 100000000`},
		{fault(Fault{Name: "f", Clock: &ClockFault{Step: math.MaxInt64}}), `fault "f": the step is `},
		{fault(Fault{Name: "f", Disk: &DiskFault{}}), `fault "f": it does nothing to the disk; say what goes wrong`},
		{fault(Fault{Name: "f", Disk: &DiskFault{Sync: -1}}), `fault "f": the time added to a sync is -1ns; write 0s to 8760h0m0s`},
		{fault(Fault{Name: "f", Disk: &DiskFault{PerKiB: 2 * time.Hour}}), `fault "f": the time added for a KiB is 2h0m0s; write 0s to 1h0m0s`},
		{fault(Fault{Name: "f", Disk: &DiskFault{FlipBits: -1}}), `fault "f": the number of flipped bits is -1; write 0 to 1048576`},
		{fault(Fault{Name: "f", Disk: &DiskFault{Full: true, Nodes: nodes(9)}}), `fault "f": node 9 does not exist; nodes are 0 to 3`},
		{fault(Fault{Name: "f", Churn: &Churn{}}), `fault "f": its sessions and downtimes are not declared; give both, or a trace of sessions`},
		{fault(Fault{Name: "f", Churn: &Churn{Session: second}}), `fault "f": its sessions and downtimes are not declared; give both, or a trace of sessions`},
		{fault(Fault{Name: "f", Churn: &Churn{Session: second, Downtime: short}}), `fault "f": a downtime lasts 100ns on average; the least is 1µs`},
		{fault(Fault{Name: "f", Churn: &Churn{Session: second, Downtime: second, Sessions: [][]Span{{}}}}), `fault "f": it has both a trace of sessions and distributions; give one of them`},
		{fault(Fault{Name: "f", Churn: &Churn{Sessions: [][]Span{}}}), `fault "f": its trace of sessions is empty; give at least one row`},
		{fault(Fault{Name: "f", Churn: &Churn{Sessions: [][]Span{{{2, 1}}}}}), `fault "f": row 0 of its sessions goes from 2ns to 1ns; sessions start at 0s or later and end after that`},
		{fault(Fault{Name: "f", Churn: &Churn{Sessions: [][]Span{{{0, 2}, {2, 3}}}}}), `fault "f": row 0 of its sessions goes on at 2ns, but the session before ends at 2ns; list them in order, apart`},

		{func(c *Config) { c.Checks = []Check{{Protocol: "script", Spec: protocols.CheckerSpec{Name: "x"}}} }, "check script.x cannot be made: New is nil"},
		{func(c *Config) { c.Checks = []Check{{Protocol: "raft", Spec: chatter(edit{}).Checkers[0]}} }, "check raft.rare: no node runs raft"},
		{func(c *Config) { c.Workload = []Workload{nil} }, "workload 0 is nil"},
	} {
		c := meshOf(4, &script{}, ms)
		x.change(&c)
		_, err := Run(c)
		switch {
		case x.want == "" && err != nil:
			t.Errorf("a good config is refused: %v", err)
		case x.want != "" && err == nil:
			t.Errorf("a config is accepted, want: %s", x.want)
		case x.want != "" && !strings.HasPrefix(err.Error(), x.want):
			t.Errorf("the error is\n\t%v\nwant\n\t%s", err, x.want)
		}
	}
}

// Values at the edge of what is accepted run.
func TestExtremesRun(t *testing.T) {
	pareto, _ := draw.Pareto(1<<40, 0.05) // nearly always Limit
	for name, change := range map[string]func(c *Config){
		"latency": func(c *Config) {
			c.Network.Default.Latency = Latency{Base: longest, Jitter: pareto}
			c.Faults = []Fault{{Name: "f", Degrade: &Degrade{Latency: longest, Jitter: pareto}}, {Name: "g", Degrade: &Degrade{Latency: longest, Jitter: pareto}}}
		},
		"slow lines": func(c *Config) {
			c.Groups[0].Uplink, c.Groups[0].Downlink = Pipe{BitsPerSecond: 1, QueueBytes: 1 << 50}, Pipe{BitsPerSecond: 1}
			c.Network.Default.Pipe = Pipe{BitsPerSecond: 1e15, QueueBytes: 1}
			c.Faults = []Fault{{Name: "f", Degrade: &Degrade{Bandwidth: 1}}}
		},
		"costly calls": func(c *Config) {
			c.Groups[0].CPU = CPU{PerMessage: longest, PerByte: time.Second, PerKiB: time.Hour, Cores: 3}
			c.Groups[0].DiskSync = longest
		},
		"long run": func(c *Config) {
			c.Duration = time.Duration(never) - 1
			c.Faults = []Fault{{Name: "f", At: c.Duration - 1, For: time.Duration(never) - 1, Every: time.Duration(never) - 1, Crash: &Crash{}}}
		},
		"clocks": func(c *Config) {
			c.Groups[0].Clock = Clock{Offset: time.Duration(never / 4), OffsetRange: time.Duration(never / 4), DriftPPB: maxDrift, DriftRange: maxDrift}
			for i := range 20 {
				c.Faults = append(c.Faults, Fault{Name: string(rune('a' + i)), At: ms, Clock: &ClockFault{DriftPPB: -maxDrift, Offset: time.Duration(never / 4)}})
			}
		},
		"disks": func(c *Config) {
			c.Groups[0].DiskSync, c.Groups[0].DiskPerKiB = longest, time.Hour
			for i := range 400 {
				c.Faults = append(c.Faults, Fault{Name: fmt.Sprint(i), At: ms, Disk: &DiskFault{Sync: longest, PerKiB: time.Hour, FlipBits: 1 << 10}})
			}
		},
		"window": func(c *Config) { c.Network.Default.Latency.Floor = longest },
	} {
		n := 0
		c := meshOf(4, &script{
			start: func(env *protocols.Env) {
				for range 3 {
					env.Send((env.Self+1)%4, &packet{size: 1 << 20})
				}
				env.SetTimer(0, math.MaxInt64)
				env.SetTimer(1, ms)
			},
			expire: func(env *protocols.Env, _ protocols.TimerID) {
				if n++; n < 1000 {
					env.SetTimer(1, time.Duration(n)*ms)
				}
				env.Disk.Append("f", []byte("x"))
				env.Disk.Sync()
				env.Send(env.Self, &packet{})
			}}, ms)
		change(&c)
		if r := mustRun(t, c); n == 0 || r.Events == 0 {
			t.Errorf("%s: nothing happened", name)
		}
	}
}
