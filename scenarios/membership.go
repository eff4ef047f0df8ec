package scenarios

import (
	"time"

	"meshsim/protocols/heartbeat"
)

// checkMembership reports what keeps the nodes of a mesh from finding, watching and
// counting one another, and warns of what most likely does. It needs the network,
// the topology and the faults.
func (c *compiler) checkMembership() {
	c.checkSeeds()
	c.checkMeshes()
	c.checkLinks()
	c.checkNeighbours()
	c.checkPings()
	c.checkFew()
	c.checkUnused()
}

// whereIn is where a key of a group's protocols is written: there or among the
// common ones.
func (c *compiler) whereIn(group, path string) string {
	where := "nodes." + group + ".protocols." + path
	if !c.Written(where) {
		where = "protocols." + path
	}
	return where
}

// checkMeshes warns of groups that join through seeds which never hear of one another.
func (c *compiler) checkMeshes() {
	mesh := make([]int, len(c.Nodes)) // of each group: the first one that it meets
	for i := range mesh {
		mesh[i] = i
	}
	for changed := true; changed; {
		changed = false
		for i := range mesh {
			for k := range mesh {
				if m := min(mesh[i], mesh[k]); mesh[i] != mesh[k] && c.meet(i, k) {
					mesh[i], mesh[k], changed = m, m, true
				}
			}
		}
	}
	first := -1
	for i := range mesh {
		switch {
		case len(c.seedsOf(i)) == 0:
		case first < 0:
			first = i
		case mesh[i] != mesh[first] && mesh[i] == i:
			c.Warn(c.whereIn(c.Nodes[i].Key, "discovery.seeds"), "%s joins another mesh than %s, and the two never hear of each other; name a seed of that one, too",
				c.Nodes[i].Key, c.Nodes[first].Key)
		}
	}
}

// meet reports whether two groups have a seed in common, or one has its seeds in the
// other.
func (c *compiler) meet(i, k int) bool {
	a, b := c.seedsOf(i), c.seedsOf(k)
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	in := func(s set, group int) bool { return len(s.intersect(set{c.plan.groups[group].span})) > 0 }
	return len(a.intersect(b)) > 0 || in(a, k) || in(b, i)
}

// checkLinks warns of nodes that look for more neighbours than there are.
func (c *compiler) checkLinks() {
	n := c.running(func(p *Protocols) bool { return p.Discovery != nil })
	for i := range c.Nodes {
		d := c.Nodes[i].Value.Protocols.Value.Discovery
		if d != nil && d.View == "partial" && n > 1 && d.DegreeMin > n-1 {
			c.Warn(c.whereIn(c.Nodes[i].Key, "discovery.degree_min"), "is %d, but there are %d others to be linked with, so that nodes look for more without end; write degree_min: %d, or view: full",
				d.DegreeMin, n-1, n-1)
			return
		}
	}
}

// running is how many nodes run what is asked for.
func (s *Scenario) running(it func(*Protocols) bool) (n int) {
	for i := range s.Nodes {
		if g := &s.Nodes[i].Value; it(&g.Protocols.Value) {
			n += g.Count
		}
	}
	return n
}

// checkNeighbours reports quorums larger than the neighbours that a peer has.
func (c *compiler) checkNeighbours() {
	topology := c.base.Topology
	for i := range c.Nodes {
		h := c.Nodes[i].Value.Protocols.Value.Heartbeat
		if h == nil || topology == nil || h.Watch != "neighbours" || h.Confirm != "observers" || h.Quorum == 0 || h.Detector == "swim" {
			continue
		}
		most, few := 0, 0
		for id := c.plan.groups[i].lo; id < c.plan.groups[i].hi; id++ {
			degree := topology.Degree(id)
			most = max(most, degree)
			if degree < h.Quorum {
				few++
			}
		}
		path := c.whereIn(c.Nodes[i].Key, "heartbeat.quorum")
		switch {
		case most < h.Quorum:
			c.Report(path, "%d neighbours can never agree, as nobody in %s has more than %d; write at most that, or 0 for a majority", h.Quorum, c.Nodes[i].Key, most)
		case few > 0:
			c.Warn(path, "%d of %d nodes of %s have fewer than %d neighbours, so nobody can declare that they have failed; write 0 for a majority",
				few, c.Nodes[i].Value.Count, c.Nodes[i].Key, h.Quorum)
		}
	}
}

// checkPings warns of times within which no answer can come.
func (c *compiler) checkPings() {
	if c.Failed("network") || c.Failed("nodes") {
		return
	}
	trip := 2 * c.lookahead()
	for i := range c.Nodes {
		h := c.Nodes[i].Value.Protocols.Value.Heartbeat
		if h != nil && h.Detector == "swim" && h.SWIM.PingTimeout < trip {
			c.Warn(c.whereIn(c.Nodes[i].Key, "heartbeat.swim.ping_timeout"), "%v is shorter than the shortest way to a peer and back, of %v, so that every ping is taken for lost; write %v or more",
				h.SWIM.PingTimeout, trip, (2 * trip).Round(time.Microsecond))
			return
		}
	}
}

// checkUnused warns of what is written and means nothing to SWIM.
func (c *compiler) checkUnused() {
	for i := range c.Nodes {
		h := c.Nodes[i].Value.Protocols.Value.Heartbeat
		if h == nil || h.Detector != "swim" {
			continue
		}
		for _, key := range [][2]string{
			{"quorum", "asks nobody to confirm"}, {"confirm", "asks nobody to confirm"}, {"monitoring", "pings anybody"}, {"k", "pings anybody"},
			{"timeout", "has swim.ping_timeout and swim.suspicion"},
		} {
			if where := c.whereIn(c.Nodes[i].Key, "heartbeat."+key[0]); c.Written(where) {
				c.Warn(where, "means nothing to swim, which %s; leave it out, or write another detector", key[1])
			}
		}
		return
	}
}

// checkFew warns of what takes more members than there are.
func (c *compiler) checkFew() {
	watch := c.watchers()
	cut := c.running(func(p *Protocols) bool { return p.Partition != nil })
	for i := range c.Nodes {
		name, p := c.Nodes[i].Key, &c.Nodes[i].Value.Protocols.Value
		h := p.Heartbeat
		if h != nil && h.Detector != "swim" && h.Watch == "members" && h.Monitoring != "all" && watch > 1 && c.Written(c.whereIn(name, "heartbeat.k")) && h.K > watch-1 {
			c.Warn(c.whereIn(name, "heartbeat.k"), "is %d, but there are %d others to watch; write that, or monitoring: all", h.K, watch-1)
			return
		}
		switch {
		case p.Partition == nil:
			continue
		case cut == 2:
			c.Warn(c.whereIn(name, "partition"), "a majority of 2 members are both, so that each is read-only without the other; run it on 3 or more")
			return
		case p.Partition.Reach == "detector" && p.Partition.Peers == "members" && h != nil && h.Watch == "announced":
			c.Warn(c.whereIn(name, "partition.peers"), "is members, but the detector on the nodes of %s watches announced peers only, so that all others count as reached; write peers: announced", name)
			return
		}
	}
}

// checkAlike reports groups whose detectors do not work together: all who run
// heartbeat are members of one mesh, and watch one another.
func (c *compiler) checkAlike() {
	var first string
	var common *heartbeat.Config
	for i := range c.Nodes {
		name, h := c.Nodes[i].Key, c.Nodes[i].Value.Protocols.Value.Heartbeat
		switch {
		case h == nil:
		case common == nil:
			first, common = name, h
		case (h.Detector == "swim") != (common.Detector == "swim"):
			c.reportIn(name, "heartbeat.detector", "is %s, but %s in group %s: they do not understand one another, and all who run heartbeat watch one another; write one detector", h.Detector, common.Detector, first)
		case h.Watch != common.Watch || h.Monitoring != common.Monitoring || h.K != common.K || h.Confirm != common.Confirm:
			c.reportIn(name, "heartbeat", "watch, monitoring, k or confirm differ from those of group %s, but all must agree on who watches whom; write them once, under protocols", first)
		case h.Detector != "swim" && (common.Timeout <= h.Interval || h.Timeout <= common.Interval):
			c.reportIn(name, "heartbeat.timeout", "%v and an interval of %v, and %v and %v in group %s: a timeout is no longer than the interval of those who are watched; write longer timeouts than all intervals",
				h.Timeout, h.Interval, common.Timeout, common.Interval, first)
		}
	}
}
