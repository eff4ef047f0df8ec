package topology

import "meshsim/protocols"

// Components returns how many connected parts the graph has and the number of
// nodes in the largest of them. Cost: linear in nodes and edges.
func (g *Graph) Components() (count, largest int) {
	seen := make([]bool, g.Nodes())
	var queue []protocols.NodeID
	for i := range seen {
		if seen[i] {
			continue
		}
		seen[i] = true
		queue = append(queue[:0], node(i))
		for head := 0; head < len(queue); head++ {
			for _, b := range g.Neighbours(queue[head]) {
				if !seen[b] {
					seen[b] = true
					queue = append(queue, b)
				}
			}
		}
		count++
		largest = max(largest, len(queue))
	}
	return count, largest
}
