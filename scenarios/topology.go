package scenarios

import (
	"bytes"
	"fmt"
	"io"
	"math/big"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/sim/topology"
)

// Topology says who knows whom. Node numbers run through the groups in the
// order of the file.
type Topology struct {
	Kind          string         `key:"kind" select:"true" short:"true" default:"full" doc:"its form"`
	Full          *Full          `case:"full" doc:"everybody knows everybody"`
	Ring          *Ring          `case:"ring" doc:"a circle; each node knows those nearest to it"`
	Grid          *Rectangle     `case:"grid" doc:"a rectangle; each node knows those above, below, left and right"`
	Torus         *Rectangle     `case:"torus" doc:"a grid whose opposite sides are joined"`
	Star          *Full          `case:"star" doc:"the first node knows all, the others only it"`
	Tree          *Tree          `case:"tree" doc:"a rooted tree, filled level by level"`
	RandomRegular *RandomRegular `case:"random-regular" doc:"random, with the same degree at each node"`
	ErdosRenyi    *ErdosRenyi    `case:"erdos-renyi" doc:"each pair is joined independently, with one probability"`
	SmallWorld    *SmallWorld    `case:"small-world" doc:"a ring with a share of its edges moved at random (Watts and Strogatz 1998)"`
	ScaleFree     *ScaleFree     `case:"scale-free" doc:"grown by preferential attachment, with few hubs (Barabási and Albert 1999)"`
	Edges         *EdgeList      `case:"edges" doc:"an edge list from a file"`
}

// Full has no parameters.
type Full struct{}

// Ring is a circle.
type Ring struct {
	Degree int `key:"degree" default:"2" min:"2" doc:"neighbours of a node, half on each side"`
}

// Rectangle is a grid or torus.
type Rectangle struct {
	Width  int `key:"width" doc:"columns; without it the nearest to a square"`
	Height int `key:"height" doc:"rows; width times height is the number of nodes"`
}

// Tree is a rooted tree.
type Tree struct {
	Branching int `key:"branching" default:"2" min:"1" doc:"children of a node"`
}

// RandomRegular is a random graph of one degree.
type RandomRegular struct {
	Degree int `key:"degree" required:"true" example:"8" min:"1" doc:"neighbours of a node"`
}

// ErdosRenyi is a random graph of one probability.
type ErdosRenyi struct {
	Degree      float64          `key:"degree" one:"parameter" doc:"mean number of neighbours"`
	Probability draw.Probability `key:"probability" one:"parameter" doc:"chance that a pair is joined"`
}

// SmallWorld is a ring with shortcuts.
type SmallWorld struct {
	Degree int              `key:"degree" default:"8" min:"2" doc:"mean number of neighbours"`
	Rewire draw.Probability `key:"rewire" default:"10%" doc:"edges that are moved"`
}

// ScaleFree grows by preferential attachment.
type ScaleFree struct {
	Links int `key:"links" default:"4" min:"1" doc:"edges that each new node brings"`
}

// EdgeList is read from a file.
type EdgeList struct {
	File string `key:"file" required:"true" example:"edges.txt" doc:"two node numbers a line, from 0 on"`
}

// graph makes the topology of n nodes; nil for a full one, which the kernel
// knows by itself. The key is that of its random stream.
func (t *Topology) graph(n int, key uint64, edges []byte) (protocols.Topology, error) {
	switch t.Kind {
	case "full":
		return nil, nil
	case "ring":
		return topology.Ring(n, t.Ring.Degree)
	case "grid":
		w, h, err := t.Grid.sides(n)
		if err != nil {
			return nil, err
		}
		return topology.Grid(w, h)
	case "torus":
		w, h, err := t.Torus.sides(n)
		if err != nil {
			return nil, err
		}
		return topology.Torus(w, h)
	case "star":
		return topology.Star(n)
	case "tree":
		return topology.Tree(n, t.Tree.Branching)
	case "random-regular":
		return topology.RandomRegular(n, t.RandomRegular.Degree, key)
	case "erdos-renyi":
		p, err := t.ErdosRenyi.probability(n)
		if err != nil {
			return nil, err
		}
		return topology.ErdosRenyi(n, p, key)
	case "small-world":
		return topology.SmallWorld(n, t.SmallWorld.Degree, t.SmallWorld.Rewire, key)
	case "scale-free":
		return topology.ScaleFree(n, t.ScaleFree.Links, key)
	case "edges":
		return topology.FromEdges(bytes.NewReader(edges), n)
	}
	panic("scenarios: unknown topology " + t.Kind)
}

// random says whether the graph depends on its key.
func (t *Topology) random() bool {
	switch t.Kind {
	case "random-regular", "erdos-renyi", "small-world", "scale-free":
		return true
	}
	return false
}

// graphKey is the key of the stream that a run's graph is drawn from.
func graphKey(seed uint64) uint64 { return draw.DeriveString(draw.Mix(seed), "topology") }

// sides completes the sides of a rectangle of n nodes.
func (r *Rectangle) sides(n int) (width, height int, err error) {
	width, height = r.Width, r.Height
	switch {
	case width == 0 && height == 0:
		width, height = topology.Rectangle(n)
	case width == 0 && n%height == 0:
		width = n / height
	case height == 0 && width > 0 && n%width == 0:
		height = n / width
	}
	if width < 1 || height < 1 || width > n || height > n || width*height != n {
		return 0, 0, fmt.Errorf("%d columns and %d rows do not hold %d nodes; leave both out for the nearest to a square", r.Width, r.Height, n)
	}
	return width, height, nil
}

func (e *ErdosRenyi) probability(n int) (draw.Probability, error) {
	if e.Degree == 0 {
		return e.Probability, nil
	}
	degree := new(big.Rat).SetFloat64(e.Degree)
	if degree.Cmp(big.NewRat(int64(n)-1, 1)) > 0 {
		return 0, fmt.Errorf("degree %v is more than the %d others that a node has", e.Degree, n-1)
	}
	const steps = 1_000_000 // degrees are exact to a millionth
	return topology.MeanDegree(n, uint64(int64(float64(e.Degree*steps)+0.5)), steps)
}

// checkTopology makes the graph of replication 0, because only its maker knows
// whether it can be, and reads an edge list.
func (c *compiler) checkTopology() {
	t := &c.Topology
	if c.plan.nodes == 0 || c.plan.nodes > maxNodes || c.Failed("nodes") || c.Failed("topology") {
		return
	}
	if t.Kind == "edges" {
		err := c.read(t.Edges.File, func(f io.Reader) (err error) {
			c.edges, err = io.ReadAll(io.LimitReader(f, 1<<30))
			return err
		})
		if err != nil {
			c.Report("topology.file", "%v", err)
			return
		}
	}
	g, err := t.graph(c.plan.nodes, graphKey(c.Run.Seed), c.edges)
	switch {
	case err != nil && t.Kind == "edges":
		c.Report("topology.file", "%s: %v", t.Edges.File, err)
		return
	case err != nil:
		c.Report("topology", "%v", err)
		return
	}
	c.base.Topology = g
}
