package scenarios

import (
	"time"

	"meshsim/protocols"
	"meshsim/scenarios/strict"
	"meshsim/sim"
)

// Group is a set of nodes that are declared alike.
type Group struct {
	Count     int                    `key:"count" required:"true" example:"100" min:"1" max:"134217728" doc:"how many nodes"`
	Zone      string                 `key:"zone" doc:"where all of them are: a zone of network.zones, or a label of your own for selectors"`
	Zones     strict.List[string]    `key:"zones" doc:"where they are in turn: node i is in the i-th zone of this list, then from its start again; all takes every zone of the matrix"`
	CPU       CPU                    `key:"cpu" doc:"what handling a message costs; without it, nothing but the protocol's signatures and tags"`
	Clock     Clock                  `key:"clock" doc:"how far the nodes' clocks are off"`
	Bandwidth Access                 `key:"bandwidth" doc:"each node's own access to the network"`
	Disk      Disk                   `key:"disk" doc:"what writing takes, and how much fits"`
	Protocols strict.Over[Protocols] `key:"protocols" doc:"what differs from the common protocols in this group; 'gossip: off' does not run it"`
}

// CPU says what handling costs.
type CPU struct {
	Cores      int           `key:"cores" default:"1" min:"1" max:"1024" doc:"messages that are handled at a time"`
	PerMessage time.Duration `key:"per_message" default:"0s" max:"24h" doc:"time for each message received"`
	PerByte    time.Duration `key:"per_byte" default:"0s" max:"1s" doc:"time for each byte received"`
	PerKiB     time.Duration `key:"per_kib" default:"0s" max:"1h" doc:"time for each 1024 bytes received, pro rata"`
	Queue      int           `key:"queue" default:"0" max:"1000000000" doc:"messages that may wait for a core, more are dropped; 0 is no limit"`
	Sign       time.Duration `key:"sign" default:"22us" max:"24h" doc:"time for a signature; 'meshsim bench crypto' measures these three"`
	Verify     time.Duration `key:"verify" default:"51us" max:"24h" doc:"time for the check of a signature, each time anew"`
	Tag        time.Duration `key:"tag" default:"140ns" max:"24h" doc:"time for an authentication tag, made or checked"`
}

// Clock says how the nodes' clocks differ from simulated time.
type Clock struct {
	Offset       time.Duration `key:"offset" default:"0s" min:"-8760h" max:"8760h" doc:"added to every clock"`
	OffsetSpread time.Duration `key:"offset_spread" default:"0s" max:"8760h" doc:"plus a draw for each node, uniform in ± this"`
	Drift        strict.Drift  `key:"drift" default:"0ppm" min:"-100000ppm" max:"100000ppm" doc:"how fast every clock runs ahead"`
	DriftSpread  strict.Drift  `key:"drift_spread" default:"0ppm" min:"0ppm" max:"100000ppm" doc:"plus a draw for each node, uniform in ± this"`
}

// Access is a node's line into the network.
type Access struct {
	Both  strict.Bandwidth `key:"both" short:"true" max:"1000Tbit/s" doc:"up and down alike"`
	Up    strict.Bandwidth `key:"up" max:"1000Tbit/s" doc:"what the node sends"`
	Down  strict.Bandwidth `key:"down" max:"1000Tbit/s" doc:"what the node receives"`
	Queue strict.Bound     `key:"queue" default:"unlimited" max:"1024TiB" doc:"bytes that may wait in each direction, more are dropped"`
}

// compileNodes places the groups, and makes the kernel's.
func (c *compiler) compileNodes() {
	if len(c.Nodes) == 0 && c.Written("nodes") {
		c.Report("nodes", "there are no groups; write one as core: {count: 100}")
	}
	for i := range c.Nodes {
		name, g := c.Nodes[i].Key, &c.Nodes[i].Value
		path := "nodes." + name
		c.checkGroupName(name, path)
		zones := c.groupZones(g, path)
		c.plan.add(name, g.Count, zones)
		g.Bandwidth.settle()
		c.base.Groups = append(c.base.Groups, sim.Group{
			Name: name, Count: g.Count, Zones: c.zoneNumbers(zones, path),
			CPU: g.CPU.config(), Clock: g.Clock.config(),
			Uplink:   g.Bandwidth.pipe(g.Bandwidth.Up),
			Downlink: g.Bandwidth.pipe(g.Bandwidth.Down),
			DiskSync: g.Disk.Sync, DiskPerKiB: g.Disk.PerKiB, DiskCapacity: int64(g.Disk.Capacity),
			Crypto: &protocols.CryptoCosts{Sign: g.CPU.Sign, Verify: g.CPU.Verify, Tag: g.CPU.Tag},
		})
	}
	c.compileStacks()
	if c.plan.nodes > maxNodes {
		c.Report("nodes", "%d nodes altogether; the most is %d", c.plan.nodes, maxNodes)
	}
	for _, g := range c.plan.groups {
		if _, err := c.plan.member(g.name); err == nil {
			c.Report("nodes."+g.name, "%s is also a member of another group; choose another name", g.name)
		}
	}
}

// Limits of the kernel.
const (
	maxNodes  = 1 << 27
	maxGroups = 1 << 15
)

func (c *compiler) checkGroupName(name, path string) {
	switch {
	case name == "all" || name == "random" || name == "zone":
		c.Report(path, "%q has a meaning in selectors; choose another name", name)
	case !wordForm.MatchString(name) || len(name) > 60:
		c.Report(path, "%.60q cannot name a group; write letters, digits, - and _, beginning with a letter, at most 60", name)
	case len(c.plan.groups) == maxGroups:
		c.Report(path, "more than %d groups", maxGroups)
	}
}

// groupZones are the zones that the members are in by turns.
func (c *compiler) groupZones(g *Group, path string) []string {
	switch {
	case g.Zone != "" && len(g.Zones) > 0:
		c.Report(path+".zones", "zone and zones stand together; write one of them")
		return nil
	case g.Zone != "":
		return []string{g.Zone}
	case len(g.Zones) == 1 && g.Zones[0] == "all":
		if c.zones == nil && !c.Written("network.zones") {
			c.Report(path+".zones", "all needs a matrix of zones; write network: {zones: aws19}")
		}
		if c.zones != nil {
			g.Zones = c.zones.Names
			return c.zones.Names
		}
	}
	return g.Zones
}

// zoneNumbers finds zones in the matrix; without one they are only labels.
func (c *compiler) zoneNumbers(names []string, path string) []int {
	if c.zones == nil {
		return nil
	}
	var out []int
	for i, name := range names {
		at, ok := c.zones.Index(name)
		if !ok {
			where := path + ".zone"
			if len(names) > 1 || !c.Written(where) {
				where = indexed(path+".zones", i)
			}
			c.Report(where, "zone %q is not in the matrix %s%s", name, c.Network.Zones.Matrix, c.suggestZone(name))
		}
		out = append(out, at)
	}
	return out
}

func (c *compiler) suggestZone(name string) string {
	if w := strict.Nearest(name, c.zones.Names); w != "" {
		return "; did you mean " + w + "?"
	}
	return "; it has " + someOf(c.zones.Names)
}

func (c *CPU) config() sim.CPU {
	return sim.CPU{Cores: c.Cores, PerMessage: c.PerMessage, PerByte: c.PerByte, PerKiB: c.PerKiB, Queue: c.Queue}
}

func (c *Clock) config() sim.Clock {
	return sim.Clock{Offset: c.Offset, OffsetRange: c.OffsetSpread, DriftPPB: int64(c.Drift), DriftRange: int64(c.DriftSpread)}
}

// settle gives both directions what is written for both.
func (a *Access) settle() {
	if a.Up == 0 {
		a.Up = a.Both
	}
	if a.Down == 0 {
		a.Down = a.Both
	}
	a.Both = 0
}

func (a *Access) pipe(rate strict.Bandwidth) sim.Pipe {
	if rate == 0 {
		return sim.Pipe{}
	}
	return sim.Pipe{BitsPerSecond: int64(rate), QueueBytes: int64(a.Queue)}
}
