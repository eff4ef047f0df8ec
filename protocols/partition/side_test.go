package partition_test

import (
	"slices"
	"testing"

	"meshsim/protocols/draw"
	"meshsim/protocols/partition"
)

// A side by its definition: a clique is one, and in a common side each but the
// coordinator reaches a quorum; nobody could be added to either.
func TestSideOfRandomViews(t *testing.T) {
	large, small := 0, 0
	for seed := range uint64(400) {
		r := draw.New(draw.Mix(seed))
		n := 2 + r.IntN(30)
		c := partition.Default()
		unreached := make([][]int, n)
		cut := make([][]bool, n)
		for i := range cut {
			cut[i] = make([]bool, n)
		}
		for range r.IntN(n * n / 4) {
			i, j := r.IntN(n), r.IntN(n)
			unreached[i] = append(unreached[i], j)
			if i != j {
				cut[i][j], cut[j][i] = true, true
			}
		}
		in := partition.Side(c, unreached, nil)
		if !slices.Contains(in, 0) {
			t.Fatalf("seed %d: the coordinator is not in its side %v", seed, in)
		}
		for _, i := range in {
			for _, j := range in {
				if cut[i][j] {
					t.Fatalf("seed %d: %d and %d are in the side %v and do not reach one another", seed, i, j, in)
				}
			}
		}
		c.Side = "common"
		wide := partition.Side(c, unreached, nil)
		for _, i := range wide {
			reached := 0
			for _, j := range wide {
				if !cut[i][j] {
					reached++
				}
			}
			if i != 0 && reached < partition.Needed(c, n) || cut[i][0] {
				t.Fatalf("seed %d: %d reaches %d of the side %v", seed, i, reached, wide)
			}
		}
		large += len(wide)
		small += len(in)
	}
	if large <= small {
		t.Errorf("common sides have %d members, cliques %d", large, small)
	}
}

func TestSides(t *testing.T) {
	line := func(from, to int) (list []int) {
		for i := from; i < to; i++ {
			list = append(list, i)
		}
		return list
	}
	clique, common := partition.Default(), partition.Default()
	common.Side = "common"
	bridge := [][]int{nil, line(3, 5), line(3, 5), line(1, 3), line(1, 3)} // 0 reaches both sides
	for _, x := range []struct {
		name      string
		config    partition.Config
		unreached [][]int
		out, want []int
	}{
		{"all reach all", clique, make([][]int, 5), nil, line(0, 5)},
		{"a bridge coordinates a clique", clique, bridge, nil, []int{0, 1, 2}},
		{"a bridge coordinates a common side", common, bridge, nil, line(0, 5)},
		{"one link is cut, in one direction", clique, [][]int{nil, {2}, nil, nil, nil}, nil, []int{0, 1, 3, 4}},
		{"the same, and one end is new", clique, [][]int{nil, {2}, nil, nil, nil}, []int{1}, []int{0, 2, 3, 4}},
		{"one that nobody reaches", common, [][]int{nil, {4}, {4}, {4}, nil}, nil, line(0, 4)},
		{"one says that it reaches nobody", clique, [][]int{nil, nil, nil, nil, line(0, 4)}, nil, line(0, 4)},
		{"the coordinator is not reached by one", common, [][]int{nil, {0}, nil, nil, nil}, nil, []int{0, 2, 3, 4}},
		{"the coordinator reaches nobody", clique, [][]int{line(1, 5), nil, nil, nil, nil}, nil, []int{0}},
	} {
		if got := partition.Side(x.config, x.unreached, x.out); !slices.Equal(got, x.want) {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
	}
}

// A node probes each peer once in a cycle.
func TestOrderOfProbes(t *testing.T) {
	for n := 2; n < 200; n++ {
		for _, self := range []int{0, n / 2, n - 1} {
			list := partition.Order(self, n)
			slices.Sort(list)
			list = slices.Compact(list)
			if len(list) != n-1 || slices.Contains(list, self) {
				t.Fatalf("node %d of %d probes %d peers in a cycle", self, n, len(list))
			}
		}
	}
}
