package pbft

import (
	"fmt"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/client"
)

// checkersOf are the properties of a cluster with this configuration. What
// Byzantine nodes observe counts for nothing.
func checkersOf(c Config) []protocols.CheckerSpec {
	spec := func(name, doc string, make func(j *judge) protocols.Checker) protocols.CheckerSpec {
		return protocols.CheckerSpec{Name: name, Doc: doc, New: func(p protocols.ProbeConfig) protocols.Checker {
			return make(newJudge(c, p))
		}}
	}
	return append([]protocols.CheckerSpec{
		spec("agreement", "no two replicas execute different batches at one number, nor does one replica",
			func(j *judge) protocols.Checker { return &agreement{judge: j, first: map[uint64]protocols.Observed{}} }),
		spec("order", "a replica executes the numbers one by one, with no gap but that of a state that it took over",
			func(j *judge) protocols.Checker { return &order{judge: j, last: map[protocols.NodeID]uint64{}} }),
		spec("validity", "only requests that a client has made are executed",
			func(j *judge) protocols.Checker { return &validity{judge: j, issued: map[uint64]bool{}} }),
		spec("certificates", "what has prepared was accepted by a quorum, what has committed had prepared at one, and a view is entered that a quorum wanted",
			func(j *judge) protocols.Checker {
				return &certificates{judge: j, voters: map[ballot][]protocols.NodeID{}}
			}),
		spec("checkpoints", "a checkpoint that becomes stable was made by a quorum, and all replicas' states agree there",
			func(j *judge) protocols.Checker {
				return &checkpoints{judge: j, makers: map[[2]uint64][]protocols.NodeID{}, states: map[uint64]uint64{}}
			}),
		spec("watermarks", "a replica accepts numbers above its last stable checkpoint, by the window at most",
			func(j *judge) protocols.Checker { return &watermarks{judge: j, low: map[protocols.NodeID]uint64{}} }),
		spec("replies", "a client takes a result that enough replicas have given: f+1, or a quorum where replies may be tentative or reads are not ordered",
			func(j *judge) protocols.Checker {
				return &replies{judge: j, clients: map[protocols.NodeID]bool{}, given: map[[2]uint64][]protocols.NodeID{}}
			}),
		spec("read-only", "a replica on whose node another protocol forbids to write takes and proposes no request that writes, nor does a client send one",
			func(j *judge) protocols.Checker { return &readOnly{judge: j, forbidden: map[protocols.NodeID]bool{}} }),
	}, client.Checkers(base)...)
}

// judge knows whom to believe: the replicas of its cluster and their clients, but
// for those that lie.
type judge struct {
	*cluster
	liars []protocols.NodeID
	lying int // of them, replicas
}

func newJudge(c Config, p protocols.ProbeConfig) *judge {
	j := &judge{cluster: newCluster(c, p.Members)}
	for _, id := range p.Byzantine {
		j.distrust(id)
	}
	return j
}

func (j *judge) distrust(id protocols.NodeID) {
	if j.lies(id) {
		return
	}
	j.liars = append(j.liars, id)
	if _, ok := j.place(id); ok {
		j.lying++
	}
}

func (j *judge) lies(id protocols.NodeID) bool { return slices.Contains(j.liars, id) }

// client reports whether an observation is of this protocol, by somebody honest.
func (j *judge) client(o protocols.Observed) bool {
	if o.Protocol == protocols.NodeProtocol {
		if o.Kind == protocols.NodeCorrupted {
			j.distrust(o.Node)
		}
		return false
	}
	return !j.lies(o.Node)
}

// honest reports whether an observation is of an honest replica of the cluster.
func (j *judge) honest(o protocols.Observed) bool {
	if !j.client(o) {
		return false
	}
	_, ok := j.place(o.Node)
	return ok
}

// add puts a node into a set.
func add(set []protocols.NodeID, id protocols.NodeID) []protocols.NodeID {
	if slices.Contains(set, id) {
		return set
	}
	return append(set, id)
}

// agreement remembers who executed first at each number.
type agreement struct {
	*judge
	first map[uint64]protocols.Observed
}

// Wants lists the kinds that are needed.
func (c *agreement) Wants() []protocols.ObservationKind { return []protocols.ObservationKind{Executed} }

// Observe compares what is executed with what was executed first.
func (c *agreement) Observe(o protocols.Observed) string {
	if !c.honest(o) {
		return ""
	}
	first, known := c.first[o.Key]
	switch {
	case !known:
		c.first[o.Key] = o
	case o.Value != first.Value:
		return fmt.Sprintf("node %d executed batch %016x at number %d, node %d had executed %016x", o.Node, o.Value, o.Key, first.Node, first.Value)
	}
	return ""
}

// order remembers where each replica is.
type order struct {
	*judge
	last map[protocols.NodeID]uint64
}

// Wants lists the kinds that are needed.
func (c *order) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Executed, Transferred, Recovered}
}

// Observe holds the number against the last one. A replica that restarts goes on
// behind what its disk has kept.
func (c *order) Observe(o protocols.Observed) string {
	if !c.honest(o) {
		return ""
	}
	last := c.last[o.Node]
	switch o.Kind {
	case Recovered:
		c.last[o.Node] = o.Value
	case Transferred:
		c.last[o.Node] = o.Key
	case Executed:
		c.last[o.Node] = o.Key
		if o.Key != last+1 {
			return fmt.Sprintf("node %d executed number %d after %d", o.Node, o.Key, last)
		}
	}
	return ""
}

// validity remembers what clients asked for.
type validity struct {
	*judge
	issued map[uint64]bool
}

// Wants lists the kinds that are needed.
func (c *validity) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Issued, Applied}
}

// Observe looks up what is executed. A client that lies may ask for anything.
func (c *validity) Observe(o protocols.Observed) string {
	switch {
	case !c.client(o):
	case o.Kind == Issued:
		c.issued[o.Key] = true
	case c.honest(o) && !c.lies(protocols.NodeID(o.Value)) && !c.issued[o.Key]:
		return fmt.Sprintf("node %d executed request %016x of client %d, who made no such request", o.Node, o.Key, o.Value)
	}
	return ""
}

// replies remembers who gave which result.
type replies struct {
	*judge
	clients map[protocols.NodeID]bool        // of this cluster
	given   map[[2]uint64][]protocols.NodeID // by operation and result
}

// Wants lists the kinds that are needed.
func (c *replies) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Issued, Replied, Completed}
}

// Observe counts. A client needs fewer final replies than tentative ones, so
// with tentative execution the lower number is demanded.
func (c *replies) Observe(o protocols.Observed) string {
	if !c.client(o) {
		return ""
	}
	what := [2]uint64{o.Key, o.Value}
	switch {
	case o.Kind == Issued && o.Value == uint64(c.replicas[0]):
		c.clients[o.Node] = true
	case o.Kind == Replied && c.honest(o):
		c.given[what] = add(c.given[what], o.Node)
	case o.Kind == Completed && c.clients[o.Node]:
		need := c.weak
		if c.ReadOnly {
			need = c.quorum
		}
		if n := len(c.given[what]); n+c.lying < need {
			return fmt.Sprintf("client %d took result %016x for operation %016x, which %d replicas have given, and %d may have lied: less than %d",
				o.Node, o.Value, o.Key, n, c.lying, need)
		}
	}
	return ""
}
