package scenarios

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/pbft"
)

// A clustering is what a group runs of a protocol whose nodes are replicas of a
// cluster, one a group, or clients of one.
type clustering struct {
	group    string
	span     set
	cluster  string // as it is written
	client   *client.Config
	replicas *[]protocols.NodeID
	config   any // *raft.Config or *pbft.Config
}

// compileClusters tells replicas and clients of each other.
func (c *compiler) compileClusters() {
	var rafts, pbfts []clustering
	for i := range c.Nodes {
		name, p := c.Nodes[i].Key, &c.Nodes[i].Value.Protocols.Value
		one := clustering{group: name, span: newSet(c.plan.groups[i].span)}
		if r := p.Raft; r != nil {
			one.cluster, one.client, one.replicas, one.config = r.Cluster, r.Client, &r.Replicas, &r.Config
			rafts = append(rafts, one)
		}
		if r := p.PBFT; r != nil {
			one.cluster, one.client, one.replicas, one.config = r.Cluster, r.Client, &r.Replicas, &r.Config
			pbfts = append(pbfts, one)
		}
	}
	for _, one := range rafts {
		c.readInstants("raft", one)
	}
	for _, one := range pbfts {
		c.readInstants("pbft", one)
	}
	c.join("raft", rafts)
	c.join("pbft", pbfts)
	c.checkLoads("raft", rafts)
	c.checkLoads("pbft", pbfts)
	c.checkReplicas()
	c.compileVoters()
}

// readInstants reads the instants at which clients ask, if they are in a file.
func (c *compiler) readInstants(protocol string, one clustering) {
	if one.client == nil || one.client.Trace == nil || one.client.Trace.File == "" {
		return
	}
	t, path := one.client.Trace, protocol+".client.file"
	values, err := c.readDurations(t.File, 87600*time.Hour)
	switch {
	case len(t.Instants) > 0:
		c.reportIn(one.group, path, "stands beside instants; write one of them")
		return
	case err == nil && !slices.IsSorted(values):
		err = fmt.Errorf("%s: the instants are not in order; sort them", t.File)
	case err == nil && len(values) == 0:
		err = fmt.Errorf("%s: there are no instants in it", t.File)
	}
	if err != nil {
		c.reportIn(one.group, path, "%v", err)
		return
	}
	for _, v := range values {
		t.Instants = append(t.Instants, time.Duration(v))
	}
	t.File = "" // they stand in the scenario now, which can be run without the file
}

// join gives each group the replicas of its cluster.
func (c *compiler) join(protocol string, all []clustering) {
	clusters := map[string]clustering{}
	var names []string
	for _, one := range all {
		if one.client == nil {
			clusters[one.group] = one
			names = append(names, one.group)
		}
	}
	for _, one := range all {
		home, ok := one, true
		switch {
		case one.client == nil && one.cluster != "":
			c.reportIn(one.group, protocol+".cluster", "is for clients; the replicas of %s are a cluster of their own; if they are clients, write client: {} beside it", one.group)
		case one.client == nil:
		case len(names) == 0:
			c.reportIn(one.group, protocol+".client", "there are no replicas to ask; declare a group that runs %s without client", protocol)
			ok = false
		case one.cluster != "":
			if home, ok = clusters[one.cluster]; !ok {
				c.reportIn(one.group, protocol+".cluster", "%q is no group of replicas%s", one.cluster, suggest(one.cluster, names))
			}
		case len(names) > 1:
			c.reportIn(one.group, protocol+".client", "there are several clusters; write cluster: %s", strings.Join(names, ", or cluster: "))
			ok = false
		default:
			home = clusters[names[0]]
		}
		if ok {
			c.adopt(protocol, one, home)
			*one.replicas = c.list(home.span)
		}
	}
}

// checkLoads refuses loads that the run ends before.
func (c *compiler) checkLoads(protocol string, all []clustering) {
	for _, one := range all {
		if one.client == nil || c.Failed("run.duration") {
			continue
		}
		start, end := one.client.Start, c.Run.Duration
		ramp := time.Duration(0)
		if r := one.client.Ramp; r != nil {
			ramp = time.Duration(r.Steps-1) * r.Every
		}
		switch {
		case start >= end:
			c.reportIn(one.group, protocol+".client.start", "%v is not before the end of the run at %v, so nothing would be asked for", start, end)
		case ramp > 0 && (start+ramp >= end || one.client.Stop > 0 && start+ramp >= one.client.Stop):
			c.reportIn(one.group, protocol+".client.ramp", "its last step would begin at %v, when the load is over; write fewer steps, a shorter every, or a longer run", start+ramp)
		}
	}
}

// adopt gives clients the configuration of their cluster, which they have to know.
// What is written for clients alone must not say otherwise.
func (c *compiler) adopt(protocol string, one, home clustering) {
	mine, theirs := reflect.ValueOf(one.config).Elem(), reflect.ValueOf(home.config).Elem()
	for i := range mine.NumField() {
		key := mine.Type().Field(i).Tag.Get("key")
		if key == "" || key == "client" {
			continue
		}
		if a, b := mine.Field(i).Interface(), theirs.Field(i).Interface(); a != b && c.Written("nodes."+one.group+".protocols."+protocol+"."+key) {
			c.reportIn(one.group, protocol+"."+key, "is the replicas' affair, and theirs is another; write it in %s, or in the common protocols", home.group)
		}
		mine.Field(i).Set(theirs.Field(i))
	}
}

// checkReplicas asks the protocols what they think of the number of replicas.
func (c *compiler) checkReplicas() {
	for i := range c.Nodes {
		name, p := c.Nodes[i].Key, &c.Nodes[i].Value.Protocols.Value
		if r := p.Raft; r != nil && r.Client == nil {
			for _, problem := range r.Config.ValidateReplicas(len(r.Replicas)) {
				c.reportIn(name, "raft."+problem.Path, "%s", problem.Message)
			}
		}
		if r := p.PBFT; r != nil && r.Client == nil {
			for _, problem := range r.Config.ValidateReplicas(len(r.Replicas)) {
				c.reportIn(name, "pbft."+problem.Path, "%s", problem.Message)
			}
		}
	}
}

// compileVoters lets the replicas of the consensus vote on decisions. There is
// one order of the proposals: one cluster makes it.
func (c *compiler) compileVoters() {
	var voters []protocols.NodeID
	var order, members []string
	for i := range c.Nodes {
		name, p := c.Nodes[i].Key, &c.Nodes[i].Value.Protocols.Value
		if p.Decision == nil {
			continue
		}
		members = append(members, name)
		raft, pbft := p.Raft != nil && p.Raft.Client == nil, p.PBFT != nil && p.PBFT.Client == nil
		if raft && pbft {
			c.reportIn(name, "decision", "both raft and pbft would order the proposals; write raft: off or pbft: off in group %s", name)
		}
		if raft || pbft {
			order = append(order, name)
			voters = append(voters, c.list(newSet(c.plan.groups[i].span))...)
		}
	}
	switch {
	case len(members) > 0 && len(order) == 0:
		c.reportIn(members[0], "decision", "nobody orders the proposals; write raft: {} or pbft: {} beside it")
	case len(order) > 1:
		c.reportIn(order[1], "decision", "the clusters %s would each order the proposals; write decision: off in all but one", strings.Join(order, " and "))
	}
	for i := range c.Nodes {
		if d := c.Nodes[i].Value.Protocols.Value.Decision; d != nil {
			d.Voters = voters
		}
	}
}

// shareReports lets all groups that run a clustered protocol report alike: by
// what the clients are configured to do, where there are some.
func (c *compiler) shareReports() {
	reports := map[string]*protocols.Protocol{}
	for i := range c.Nodes {
		p := &c.Nodes[i].Value.Protocols.Value
		for _, d := range c.base.Groups[i].Stack {
			client := d.Name == "raft" && p.Raft.Client != nil || d.Name == "pbft" && p.PBFT.Client != nil
			if reports[d.Name] == nil || client {
				reports[d.Name] = d
			}
		}
	}
	if clusters := c.pbftClusters(); len(clusters) > 1 {
		pbft.Report(reports["pbft"], clusters)
	}
	for i := range c.base.Groups {
		for _, d := range c.base.Groups[i].Stack {
			d.Probe, d.Checkers = reports[d.Name].Probe, reports[d.Name].Checkers
		}
	}
}

// pbftClusters are the clusters of replicas that run pBFT, each with its clients.
func (c *compiler) pbftClusters() (all []pbft.Cluster) {
	place := map[protocols.NodeID]int{} // by first replica
	for i := range c.Nodes {
		if r := c.Nodes[i].Value.Protocols.Value.PBFT; r != nil && r.Client == nil && len(r.Replicas) > 0 {
			place[r.Replicas[0]] = len(all)
			all = append(all, pbft.Cluster{Config: r.Config})
		}
	}
	for i := range c.Nodes {
		if r := c.Nodes[i].Value.Protocols.Value.PBFT; r != nil && r.Client != nil && len(r.Replicas) > 0 {
			home := &all[place[r.Replicas[0]]]
			home.Clients = append(home.Clients, c.list(newSet(c.plan.groups[i].span))...)
		}
	}
	return all
}
