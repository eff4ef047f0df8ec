package sim

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

func within(at, from, to time.Duration) bool { return at >= from && at < to }

// Partitions cut exactly the links and the times that they declare. A message is
// judged when it leaves: what is on its way arrives.
func TestPartitions(t *testing.T) {
	const from, to = 20 * ms, 70 * ms
	sides := func(sel ...Selector) []Selector { return sel }
	side := func(groups ...protocols.NodeID) [8]protocols.NodeID { return [8]protocols.NodeID(groups) }
	differ := func(s [8]protocols.NodeID, a, b protocols.NodeID) bool { return s[a] != s[b] && s[a] != 0 && s[b] != 0 }
	halves := nodes(0, 1, 2, 3)
	bridge := nodes(1, 5)
	for _, x := range []struct {
		name   string
		faults []Partition
		cut    func(a, b protocols.NodeID, at time.Duration) bool
	}{
		{"halves", []Partition{{Sides: sides(halves)}}, func(a, b protocols.NodeID, at time.Duration) bool {
			return (a < 4) != (b < 4)
		}},
		{"three and a rest", []Partition{{Sides: sides(nodes(0, 4), nodes(1), nodes(2, 6))}}, func(a, b protocols.NodeID, at time.Duration) bool {
			return differ(side(1, 2, 3, 4, 1, 4, 3, 4), a, b)
		}},
		{"bystanders", []Partition{{Sides: sides(nodes(0, 4), nodes(1)), Bystanders: true}}, func(a, b protocols.NodeID, at time.Duration) bool {
			return differ(side(1, 2, 0, 0, 1, 0, 0, 0), a, b)
		}},
		{"one side and bystanders", []Partition{{Sides: sides(halves), Bystanders: true}}, func(a, b protocols.NodeID, at time.Duration) bool { return false }},
		{"one way", []Partition{{Sides: sides(halves), OneWay: true}}, func(a, b protocols.NodeID, at time.Duration) bool {
			return a < 4 && b >= 4
		}},
		{"one way of three", []Partition{{Sides: sides(nodes(7), nodes(1)), OneWay: true}}, func(a, b protocols.NodeID, at time.Duration) bool {
			return a == 7 && b != 7 || a == 1 && b != 7 && b != 1
		}},
		{"bridge", []Partition{{Sides: sides(halves), Bridge: &bridge}}, func(a, b protocols.NodeID, at time.Duration) bool {
			return differ(side(1, 0, 1, 1, 2, 0, 2, 2), a, b)
		}},
		{"isolate", []Partition{{Sides: sides(nodes(3))}}, func(a, b protocols.NodeID, at time.Duration) bool {
			return (a == 3) != (b == 3)
		}},
		{"flapping", []Partition{{Sides: sides(halves), Down: 8 * ms, Up: 5 * ms}}, func(a, b protocols.NodeID, at time.Duration) bool {
			return (a < 4) != (b < 4) && (at-from)%(13*ms) < 8*ms
		}},
		{"overlapping", []Partition{{Sides: sides(halves)}, {Sides: sides(nodes(0, 7))}}, func(a, b protocols.NodeID, at time.Duration) bool {
			return (a < 4) != (b < 4) || (a == 0 || a == 7) != (b == 0 || b == 7)
		}},
		{"overlapping and flapping", []Partition{{Sides: sides(halves), Down: 9 * ms, Up: 9 * ms}, {Sides: sides(nodes(0)), Down: 3 * ms, Up: ms}}, func(a, b protocols.NodeID, at time.Duration) bool {
			return (a < 4) != (b < 4) && (at-from)%(18*ms) < 9*ms || (a == 0) != (b == 0) && (at-from)%(4*ms) < 3*ms
		}},
	} {
		all := []protocols.NodeID{0, 1, 2, 3, 4, 5, 6, 7}
		f := &flow{senders: all, receivers: all, count: 100, gap: ms}
		r := f.run(t, 8, Link{Latency: Latency{Base: 5 * ms}}, func(c *Config) {
			for i := range x.faults {
				c.Faults = append(c.Faults, Fault{Name: string(rune('a' + i)), At: from, For: to - from, Partition: &x.faults[i]})
			}
		})
		var seen [100][8][8]bool
		for _, g := range f.got {
			seen[g.n][g.from][g.to] = true
			if g.after != 5*ms {
				t.Fatalf("%s: a packet took %v", x.name, g.after)
			}
		}
		lost := uint64(0)
		for n := range seen {
			for a := range all {
				for b := range all {
					at := time.Duration(n) * ms
					cut := within(at, from, to) && x.cut(all[a], all[b], at)
					if cut == seen[n][a][b] {
						t.Fatalf("%s: from %d to %d at %v: passes %v, want %v", x.name, a, b, at, seen[n][a][b], !cut)
					}
					if cut {
						lost++
					}
				}
			}
		}
		if r.Drops.Partition != lost || r.Kinds[0].Lost != lost {
			t.Errorf("%s: counted as cut off %d, want %d", x.name, r.Drops.Partition, lost)
		}
	}
}

// Degrading adds to the links that it names, in the directions that it names,
// ends, and adds up with another one.
func TestDegrade(t *testing.T) {
	f := &flow{senders: []protocols.NodeID{0, 1, 2}, receivers: []protocols.NodeID{0, 1, 2}, count: 60, gap: ms}
	f.run(t, 3, Link{Latency: Latency{Base: 2 * ms}}, func(c *Config) {
		c.Faults = []Fault{
			{Name: "a", At: 10 * ms, For: 30 * ms, Degrade: &Degrade{From: nodes(0), To: nodes(1), Latency: 10 * ms}},
			{Name: "b", At: 20 * ms, For: 30 * ms, Degrade: &Degrade{From: nodes(0), To: nodes(1, 2), Both: true, Latency: 100 * ms, Jitter: draw.Constant(int64(7 * ms))}},
			{Name: "c", At: 30 * ms, For: 5 * ms, Degrade: &Degrade{From: nodes(2), Jitter: draw.Constant(-int64(50 * ms))}},
		}
	})
	if len(f.got) != 60*9 {
		t.Errorf("%d packets arrived", len(f.got))
	}
	for _, g := range f.got {
		at, want := time.Duration(g.n)*ms, 2*ms
		if within(at, 10*ms, 40*ms) && g.from == 0 && g.to == 1 {
			want += 10 * ms
		}
		if within(at, 20*ms, 50*ms) && (g.from == 0) != (g.to == 0) {
			want += 107 * ms
		}
		if g.after != want {
			t.Fatalf("from %d to %d at %v it takes %v, want %v", g.from, g.to, at, g.after, want)
		}
	}
}

// A fault that is not felt by a message leaves its fate alone, though the
// message takes another path through the kernel.
func TestFaultsElsewhereChangeNothing(t *testing.T) {
	jitter, _ := draw.Exponential(0, int64(ms))
	link := Link{Latency: Latency{Base: ms, Jitter: jitter}, Loss: Loss{P: draw.Ratio(1, 10)}}
	var want []got
	for i, faults := range [][]Fault{nil,
		{{Name: "f", At: 50 * ms, For: 100 * ms, Partition: &Partition{Sides: []Selector{nodes(2), nodes(3)}, Bystanders: true}}},
		{{Name: "g", Degrade: &Degrade{From: nodes(2), Loss: draw.Always, Latency: ms}}},
		{{Name: "h", At: 20 * ms, For: 5 * ms, Crash: &Crash{Nodes: nodes(3)}}, {Name: "i", Pause: &Pause{nodes(2)}}},
	} {
		f := one(1000, ms/4)
		f.run(t, 4, link, func(c *Config) { c.Faults = faults })
		if i == 0 {
			want = f.got
		}
		if len(f.got) != len(want) || len(want) < 850 {
			t.Fatalf("faults %d: %d packets arrived, want %d", i, len(f.got), len(want))
		}
		for j := range want {
			if f.got[j] != want[j] {
				t.Fatalf("faults %d: %+v arrived, want %+v", i, f.got[j], want[j])
			}
		}
	}
}

// Checkers learn when the mesh is parted and when no partition is left, before
// anything else that happens then.
func TestPartitionsAreObserved(t *testing.T) {
	half := []Selector{nodes(0, 1)}
	c := ticker(4)
	c.Duration = 200 * ms
	c.Faults = []Fault{
		{Name: "a", At: 10 * ms, For: 20 * ms, Partition: &Partition{Sides: half}},
		{Name: "b", At: 20 * ms, For: 30 * ms, Partition: &Partition{Sides: half}},
		{Name: "c", At: 100 * ms, For: 26 * ms, Partition: &Partition{Sides: half, Down: 8 * ms, Up: 5 * ms}},
		{Name: "d", At: 190 * ms, Partition: &Partition{Sides: half}},
	}
	type change struct {
		kind protocols.ObservationKind
		at   time.Duration
	}
	want := []change{{protocols.MeshParted, 10 * ms}, {protocols.MeshHealed, 50 * ms}, {protocols.MeshParted, 100 * ms}, {protocols.MeshHealed, 108 * ms},
		{protocols.MeshParted, 113 * ms}, {protocols.MeshHealed, 121 * ms}, {protocols.MeshParted, 190 * ms}}
	for _, mode := range []Mode{Windowed, Ordered} {
		for _, workers := range []int{1, 3} {
			var got []change
			latest := protocols.Time(-1)
			c.Checks = []Check{checkOf(func(o protocols.Observed) string {
				if o.Protocol == protocols.NodeProtocol && o.Node == protocols.External {
					if o.At == latest {
						t.Errorf("something else was observed before at %v", time.Duration(o.At))
					}
					got = append(got, change{o.Kind, time.Duration(o.At)})
				} else {
					latest = o.At
				}
				return ""
			})}
			c.Mode, c.Workers = mode, workers
			mustRun(t, c)
			if !slices.Equal(got, want) {
				t.Errorf("mode %d, %d workers: observed %v, want %v", mode, workers, got, want)
			}
		}
	}
}
