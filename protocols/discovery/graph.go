package discovery

import "meshsim/protocols"

// graph is the overlay at an instant: the nodes that are up, and each link that at
// least one end believes in, both ways.
type graph struct {
	nodes []protocols.NodeID // ascending
	next  [][]int32          // neighbours of each by place in nodes
	room  []int32            // what next is cut from
}

// graph makes the graph of the nodes that are fit.
func (g *overlay) graph(fit func(protocols.NodeID) bool) *graph {
	var out graph
	place := make([]int32, len(g.edges)) // plus one
	for _, id := range g.members {
		if fit(id) {
			out.nodes = append(out.nodes, id)
			place[id] = int32(len(out.nodes))
		}
	}
	degree := make([]int32, len(out.nodes)+1)
	each := func(visit func(a, b int32)) {
		for i, id := range out.nodes {
			for k := range g.edges[id] {
				e := &g.edges[id][k]
				to := place[e.to]
				if to > 0 && (e.alone >= 0 || to-1 > int32(i)) { // both directions of a mutual link at once
					visit(int32(i), to-1)
				}
			}
		}
	}
	total := 0
	each(func(a, b int32) { degree[a]++; degree[b]++; total += 2 })
	out.room = make([]int32, total)
	out.next = make([][]int32, len(out.nodes))
	at := int32(0)
	for i := range out.next {
		out.next[i] = out.room[at : at : at+degree[i]]
		at += degree[i]
	}
	each(func(a, b int32) { out.next[a] = append(out.next[a], b); out.next[b] = append(out.next[b], a) })
	return &out
}

// largest is how many nodes of a kind are in the component that has most of them.
func (g *graph) largest(count func(protocols.NodeID) bool) int {
	seen := make([]bool, len(g.nodes))
	queue := make([]int32, 0, len(g.nodes))
	best := 0
	for i := range g.nodes {
		if seen[i] {
			continue
		}
		seen[i] = true
		queue = append(queue[:0], int32(i))
		size := 0
		for k := 0; k < len(queue); k++ {
			if count(g.nodes[queue[k]]) {
				size++
			}
			for _, b := range g.next[queue[k]] {
				if !seen[b] {
					seen[b] = true
					queue = append(queue, b)
				}
			}
		}
		best = max(best, size)
	}
	return best
}

// spread is up to count places in the graph, at equal distances.
func (g *graph) spread(count int) []int {
	count = min(max(count, 1), len(g.nodes))
	list := make([]int, count)
	for i := range list {
		list[i] = int(int64(i) * int64(len(g.nodes)) / int64(count))
	}
	return list
}

// paths sums up the links from some nodes to all that they reach; the mean length of
// a path is sum over pairs. Cost: some hundred thousand steps, however large the graph.
func (g *graph) paths() (sum, pairs int64) {
	const budget = 200_000
	distance := make([]int32, len(g.nodes)) // plus one
	queue := make([]int32, 0, len(g.nodes))
	for _, from := range g.spread(budget / max(len(g.nodes), 1)) {
		clear(distance)
		distance[from] = 1
		queue = append(queue[:0], int32(from))
		for k := 0; k < len(queue); k++ {
			a := queue[k]
			sum += int64(distance[a] - 1)
			for _, b := range g.next[a] {
				if distance[b] == 0 {
					distance[b] = distance[a] + 1
					queue = append(queue, b)
				}
			}
		}
		pairs += int64(len(queue) - 1)
	}
	return sum, pairs
}

// clustering sums up, over some nodes that have two neighbours or more, the share of
// pairs of their neighbours that are neighbours themselves, in millionths (Watts and
// Strogatz 1998). Of many neighbours the first are taken.
func (g *graph) clustering() (sum, nodes int64) {
	const count, most, budget = 1000, 30, 5_000_000
	steps := 0
	for _, i := range g.spread(count) {
		next := g.next[i][:min(len(g.next[i]), most)]
		if len(next) < 2 || steps > budget {
			continue
		}
		closed := 0
		for k, a := range next {
			for _, c := range g.next[a] {
				steps++
				for _, b := range next[k+1:] {
					if c == b {
						closed++
					}
				}
			}
		}
		sum += int64(2_000_000*closed) / int64(len(next)*(len(next)-1))
		nodes++
	}
	return sum, nodes
}
