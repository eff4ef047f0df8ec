package sim

import (
	"fmt"
	"time"

	"meshsim/protocols"
)

func (c *Config) nodes() int {
	n := 0
	for i := range c.Groups {
		n += c.Groups[i].Count
	}
	return n
}

func (c *Config) checkNetwork() error {
	if z := c.Network.Zones; z != nil {
		if err := counts("the number of zones", int64(len(z.Names)), 1, maxZones); err != nil {
			return err
		}
		if len(z.OneWay) != len(z.Names)*len(z.Names) {
			return fmt.Errorf("the latency matrix has %d entries; %d zones need %d", len(z.OneWay), len(z.Names), len(z.Names)*len(z.Names))
		}
		for i, d := range z.OneWay {
			if err := lasts("the latency", d, 0, longest); err != nil {
				return fmt.Errorf("from zone %s to %s: %w", z.Names[i/len(z.Names)], z.Names[i%len(z.Names)], err)
			}
		}
	}
	if err := c.checkLink(&c.Network.Default); err != nil {
		return fmt.Errorf("default link: %w", err)
	}
	for i := range c.Network.Links {
		r := &c.Network.Links[i]
		err := first(r.From.check(c.nodes()), r.To.check(c.nodes()), c.checkLink(&r.Link))
		if err != nil {
			return fmt.Errorf("link rule %d: %w", i, err)
		}
	}
	return nil
}

func (c *Config) checkLink(l *Link) error {
	if l.Corrupt > 0 {
		if err := c.checkDecode("a link that corrupts"); err != nil {
			return err
		}
	}
	return first(
		lasts("the latency", l.Latency.Base, 0, longest),
		lasts("the least latency", l.Latency.Floor, 0, longest),
		lasts("the time by which messages are reordered", l.ReorderBy, 0, longest),
		lasts("the time to the first retry", l.Retry, 0, 24*time.Hour),
		l.Pipe.check("link"))
}

// checkDecode finds protocols whose messages cannot be read back.
func (c *Config) checkDecode(what string) error {
	for i := range c.Groups {
		for _, p := range c.Groups[i].Stack {
			if p.Decode == nil && len(p.Kinds) > 0 {
				return fmt.Errorf("%s needs a Decode of protocol %s, which has none", what, p.Name)
			}
		}
	}
	return nil
}

func (s Set) check(nodes int) error {
	if s.All {
		return nil
	}
	return checkIDs(s.IDs, nodes)
}

// checkIDs finds nodes that do not exist or are not in order.
func checkIDs(ids []protocols.NodeID, nodes int) error {
	for i, id := range ids {
		switch {
		case int64(id) >= int64(nodes):
			return fmt.Errorf("node %d does not exist; nodes are 0 to %d", id, nodes-1)
		case i > 0 && id <= ids[i-1]:
			return fmt.Errorf("node %d comes after node %d; list nodes once each, ascending", id, ids[i-1])
		}
	}
	return nil
}
