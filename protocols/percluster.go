package protocols

import "fmt"

// A PerCluster is a checker that has one for each cluster of a mesh: numbers,
// views and keys of one have nothing to do with those of another.
type PerCluster struct {
	Kinds    []ObservationKind        // what the checkers want
	Of       func(o Observed) int     // the number of the observer's cluster, -1 if it is in none
	First    func(cluster int) NodeID // by which a cluster is named
	New      func() Checker           // for the next cluster that is met; nil if all are known
	Checkers []Checker                // by number of the cluster
}

// Wants lists the kinds that are needed.
func (p *PerCluster) Wants() []ObservationKind { return p.Kinds }

// Observe hands an observation to the checker of the node's cluster.
func (p *PerCluster) Observe(o Observed) string {
	i := p.Of(o)
	if i < 0 {
		return ""
	}
	if i == len(p.Checkers) {
		p.Checkers = append(p.Checkers, p.New())
	}
	return p.place(i, p.Checkers[i].Observe(o))
}

// Finish ends the checkers that have more to say.
func (p *PerCluster) Finish(at Time) (violation, undecided string) {
	for i, c := range p.Checkers {
		f, ok := c.(Finisher)
		if !ok {
			return "", ""
		}
		v, u := f.Finish(at)
		if v != "" {
			return p.place(i, v), ""
		}
		if undecided == "" {
			undecided = p.place(i, u)
		}
	}
	return "", undecided
}

// View is the page of the first checker that has one, as linearizability has of
// what nothing explains; nil if none.
func (p *PerCluster) View() []byte {
	for _, c := range p.Checkers {
		if v, ok := c.(interface{ View() []byte }); ok {
			if page := v.View(); page != nil {
				return page
			}
		}
	}
	return nil
}

// place says in which cluster something is wrong, if there are several.
func (p *PerCluster) place(cluster int, text string) string {
	if text == "" || len(p.Checkers) < 2 {
		return text
	}
	return fmt.Sprintf("in the cluster of node %d: %s", p.First(cluster), text)
}
