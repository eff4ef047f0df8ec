package scenarios

import (
	"strings"
	"testing"
)

// Partition handling that cannot work is refused, with what to write instead.
func TestPartitioning(t *testing.T) {
	const mesh = "meshsim: 1\nname: p\nrun: {duration: 20s}\nnodes: {a: {count: 3}, b: {count: 2}}\nprotocols: {partition: {}}\n"
	for _, c := range []struct {
		overrides []string
		want      string // "" if it is right
	}{
		{nil, ""},
		{[]string{"protocols.partition.faults=1"}, ""},
		{[]string{"protocols.partition.faults=2"}, "protocols.partition.faults: is 2, which takes 7 members, but 5 run the protocol; write faults: 1, or declare 7"},
		{[]string{"protocols.partition.lease=3s"}, "must be at least 6 intervals"},
		{[]string{"nodes.b.protocols={partition: {lease: 9s}}"}, "nodes.b.protocols.partition: differs from that of group a, but all who run it vote with one another; write it once, under protocols"},
		{[]string{"nodes.b.protocols={partition: {}}"}, ""},
		{[]string{"protocols.partition.reach=detector"}, "is detector, but nothing on the nodes of a detects failures; write heartbeat: {} beside it, or reach: probes"},
		{[]string{"protocols.partition.reach=detector", "protocols.heartbeat={}"}, ""},
		{[]string{"protocols.partition.peers=announced"}, "is announced, but nothing on the nodes of a announces peers"},
	} {
		_, err := Parse("p.yaml", []byte(mesh), c.overrides)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.overrides, err, c.want)
		}
	}
}
