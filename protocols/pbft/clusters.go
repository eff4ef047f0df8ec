package pbft

import "meshsim/protocols"

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
			home := homes(all, c.Nodes)
			p := &protocols.PerCluster{
				Of:    func(o protocols.Observed) int { return int(home[o.Node]) },
				First: func(i int) protocols.NodeID { return all[i].Config.Replicas[0] },
			}
			for i := range all {
				p.Checkers = append(p.Checkers, specs[i][k].New(c))
			}
			p.Kinds = p.Checkers[0].Wants()
			return p
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
