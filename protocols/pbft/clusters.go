package pbft

import (
	"fmt"

	"meshsim/protocols"
)

// A Cluster is one of several in a mesh. Each is judged for itself: numbers,
// views and keys of one have nothing to do with those of another.
type Cluster struct {
	Config  Config             // what its replicas run; with Replicas
	Clients []protocols.NodeID // who asks it
}

// Report lets d tell of all the clusters of a mesh. With the configuration of
// clients, d says what time-outs they have.
func Report(d *protocols.Protocol, all []Cluster) {
	own := d.Probe
	specs := make([][]protocols.CheckerSpec, len(all))
	for i := range all {
		specs[i] = checkersOf(all[i].Config)
	}
	d.Checkers = checkersOf(all[0].Config)
	for k := range d.Checkers {
		d.Checkers[k].New = func(c protocols.ProbeConfig) protocols.Checker {
			b := &byCluster{all: all, home: homes(all, c.Nodes)}
			for i := range all {
				b.checkers = append(b.checkers, specs[i][k].New(c))
			}
			return b
		}
	}
	d.Probe = func(c protocols.ProbeConfig) protocols.Probe {
		p := own(c).(*probe)
		p.home, p.parts = homes(all, c.Nodes), nil
		for i := range all {
			p.parts = append(p.parts, newFigures(newCluster(all[i].Config, nil), c.Warmup))
		}
		return p
	}
}

// homes are the numbers of the clusters that nodes belong to, -1 for none.
func homes(all []Cluster, nodes int) []int32 {
	home := make([]int32, nodes)
	for i := range home {
		home[i] = -1
	}
	for i := range all {
		for _, id := range all[i].Config.Replicas {
			home[id] = int32(i)
		}
		for _, id := range all[i].Clients {
			home[id] = int32(i)
		}
	}
	return home
}

// byCluster gives each cluster a checker of its own.
type byCluster struct {
	all      []Cluster
	home     []int32
	checkers []protocols.Checker
}

// Wants lists the kinds that are needed.
func (b *byCluster) Wants() []protocols.ObservationKind { return b.checkers[0].Wants() }

// Observe hands an observation to the checker of the node's cluster.
func (b *byCluster) Observe(o protocols.Observed) string {
	i := b.home[o.Node]
	if i < 0 {
		return ""
	}
	return b.place(int(i), b.checkers[i].Observe(o))
}

// Finish ends the checkers that have more to say.
func (b *byCluster) Finish(at protocols.Time) (violation, undecided string) {
	for i, c := range b.checkers {
		f, ok := c.(protocols.Finisher)
		if !ok {
			return "", ""
		}
		v, u := f.Finish(at)
		if v != "" {
			return b.place(i, v), ""
		}
		if undecided == "" {
			undecided = b.place(i, u)
		}
	}
	return "", undecided
}

// View is the page of the first checker that has one, nil if none.
func (b *byCluster) View() []byte {
	for _, c := range b.checkers {
		if v, ok := c.(interface{ View() []byte }); ok {
			if page := v.View(); page != nil {
				return page
			}
		}
	}
	return nil
}

// place says in which cluster something is wrong.
func (b *byCluster) place(i int, text string) string {
	if text == "" {
		return ""
	}
	return fmt.Sprintf("in the cluster of node %d: %s", b.all[i].Config.Replicas[0], text)
}
