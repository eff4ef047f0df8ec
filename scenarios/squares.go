package scenarios

import (
	"fmt"
	"time"

	"meshsim/protocols/discovery"
	"meshsim/protocols/heartbeat"
	"meshsim/protocols/partition"
)

// What grows with the square of the nodes is told by validate: what it comes to for
// so many, and what to write instead.

// squareNotes tells of the groups' protocols, each kind once.
func (s *Scenario) squareNotes() (notes []string) {
	told := map[string]bool{} // looked up only
	add := func(what, note string) {
		if note != "" && !told[what] {
			told[what] = true
			notes = append(notes, what+": "+note)
		}
	}
	for i := range s.Nodes {
		p := &s.Nodes[i].Value.Protocols.Value
		if d := p.Discovery; d != nil {
			add("discovery.view", fullView(&d.Config, s.running(func(p *Protocols) bool { return p.Discovery != nil })))
		}
		if h := p.Heartbeat; h != nil {
			add("heartbeat.monitoring", watchedByAll(h, s.watchers()))
			add("heartbeat.confirm", askedOfAll(h, s.watchers()))
			add("heartbeat.quorum", toldToAll(h, s.watchers()))
		}
		if q := p.Partition; q != nil {
			n := s.running(func(p *Protocols) bool { return p.Partition != nil })
			add("partition.probes", probedByAll(q, n))
			add("partition", knownToAll(n))
		}
	}
	return notes
}

// pairs is how many ordered pairs there are of so many.
func pairs(n int) float64 { return float64(int64(n) * int64(max(n-1, 0))) }

// each is how often a second something happens that happens to each pair in a period.
func each(n int, period time.Duration) string {
	return round(pairs(n) / seconds(period))
}

func fullView(d *discovery.Config, n int) string {
	if d.View != "full" {
		return ""
	}
	return fmt.Sprintf("is full, so each of %d nodes keeps a link to each other: %s signs of life a second, and %s a node, %s in all; with view: partial it would be %s a second, and about 1 KiB a node",
		n, each(n, d.KeepAlive), memoryText(uint64(n)*bytesPerLink), memoryText(uint64(n)*uint64(n)*bytesPerLink), round(float64(n*d.DegreeMax)/seconds(d.KeepAlive)))
}

func watchedByAll(h *heartbeat.Config, n int) string {
	if !h.Square() {
		return ""
	}
	return fmt.Sprintf("is all, so everybody watches everybody: %s messages a second, and %s a node, %s in all; with monitoring: ring, k: 3 it would be %s a second",
		each(n, h.Interval), memoryText(uint64(n)*bytesPerPair), memoryText(uint64(n)*uint64(n)*bytesPerPair), round(float64(3*n)/seconds(h.Interval)))
}

// manyMembers is from how many on it is told what grows with them.
const manyMembers = 1000

func askedOfAll(h *heartbeat.Config, n int) string {
	if h.Detector == "swim" || h.Confirm != "members" || n < manyMembers {
		return ""
	}
	k := h.K
	if h.Monitoring == "all" {
		k = n - 1
	}
	return fmt.Sprintf("is members, so all %d are asked about each failure: about %s messages for one; with confirm: observers it would be a few dozen", n, round(float64(3*k*n)))
}

// toldToAll is about verdicts and revivals: whoever learns one passes it on to those
// that it watches and that watch it.
func toldToAll(h *heartbeat.Config, n int) string {
	if h.Detector == "swim" || h.Watch != "members" || h.Monitoring == "all" || h.Confirm == "none" || n < manyMembers {
		return ""
	}
	one := float64(2 * h.K * n)
	return fmt.Sprintf("each failure is told to all %d with its signatures, by about %s messages, and each return, too; a cut that heals after it took half of them for failed brings %s; detector: swim lets news travel with its pings",
		n, round(one), round(float64(one*float64(n))/2))
}

func probedByAll(p *partition.Config, n int) string {
	if p.Reach != "probes" || p.Probes > 0 && p.Probes < n-1 || n < 100 {
		return ""
	}
	return fmt.Sprintf("each of %d nodes asks all others: %s probes and answers a second; with probes: 10 it would be %s",
		n, round(pairs(n)/seconds(p.Interval/2)), round(float64(20*n)/seconds(p.Interval)))
}

// knownToAll is about sets of members: who pledges, and whoever stands for coordinator
// keeps one set for each who pledges.
func knownToAll(n int) string {
	if n < manyMembers {
		return ""
	}
	set := (uint64(n) + 7) / 8
	return fmt.Sprintf("each of %d nodes keeps sets of all, of up to %s a node, %s in all, and its coordinator one of each, %s; let a group of some hundred run it, since the others cannot write without these",
		n, memoryText(5*set), memoryText(5*set*uint64(n)), memoryText(uint64(n)*set))
}

// bytesPerLink is what a link of a full view takes, what is in flight over it included.
const bytesPerLink = 300

// memoryText writes a number of bytes with its unit.
func memoryText(n uint64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d B", n)
	case n < 10<<20:
		return fmt.Sprintf("%d KiB", (n+512)>>10)
	}
	return bytesText(n)
}
