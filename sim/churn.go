package sim

import (
	"math/bits"
	"sort"

	"meshsim/protocols/draw"
)

// churn starts the up and down times of each selected node. Drawn times begin in
// their steady state: each node starts as if it had churned for a while.
func (s *stroke) churn(c *Churn) {
	nodes := s.pick(c.Nodes)
	k := s.k
	k.remember(s.fault, "churn", s.at, s.until, len(nodes))
	var steady *equilibrium
	if c.Sessions == nil {
		steady = newEquilibrium(c.Session, c.Downtime)
	}
	for i, id := range nodes {
		first := &nodeOrder{strike: s.id, fault: s.fault, until: s.until, key: draw.Derive(s.key, uint64(id))}
		var at int64
		if c.Sessions != nil {
			first, at = s.firstInTrace(first, c.Sessions[i%len(c.Sessions)])
		} else {
			first, at = s.firstSpell(first, steady)
		}
		if first != nil && at < s.until {
			s.order(id, at, first)
		}
		if s.until < k.end {
			s.order(id, s.until, &nodeOrder{verb: orderRestart, strike: s.id, fault: s.fault})
		}
	}
}

// firstSpell returns the first change of a node that has churned for ever. If it
// is down when the stroke falls, that is a crash at the stroke's own instant.
func (s *stroke) firstSpell(o *nodeOrder, steady *equilibrium) (*nodeOrder, int64) {
	r := draw.New(draw.Derive(o.key, 0))
	up, rest := steady.draw(&r)
	o.verb, o.spell = orderChurnDown, 1
	if up {
		return o, s.at + rest
	}
	o.rest = rest
	return o, s.at
}

// firstInTrace returns the first change of a node that follows a row of
// sessions. A node that is not up at the start of its row goes down at once.
func (s *stroke) firstInTrace(o *nodeOrder, row []Span) (*nodeOrder, int64) {
	o.row, o.begin = row, s.at
	if len(row) > 0 && row[0].Start <= 0 {
		o.verb = orderChurnDown
		return o, s.at + max(int64(row[0].End), 0)
	}
	o.verb, o.span = orderChurnDown, -1
	return o, s.at
}

// equilibrium is the state of an alternating renewal process that has run for
// ever (Cox, Renewal Theory, 1962, chapters 5 and 7): an instant falls into a
// spell with a chance that is proportional to the spell's length, and uniformly
// within it. So the process is up with probability E[up]/(E[up]+E[down]).
//
// Spells are drawn by the quantile functions of their distributions, which are
// cut into cells that get narrower towards 1, where the long ones are. Error: the
// chance of a length is off by less than 1/1000 of itself.
type equilibrium struct {
	up, down *draw.Dist
	cells    []cell
}

// cell is a piece of a quantile function.
type cell struct {
	start, width uint64 // of the words that it holds
	until        uint64 // the sum of the weights of the cells so far: chance times length
}

const (
	equilibriumOctaves = 52
	equilibriumCells   = 64 // in each octave
)

// newEquilibrium tabulates the cells of the up spells, then of the down spells.
// Cost: some 7000 quantiles.
func newEquilibrium(up, down *draw.Dist) *equilibrium {
	q := &equilibrium{up: up, down: down}
	var sum uint64
	for _, d := range [2]*draw.Dist{up, down} {
		for octave := range equilibriumOctaves {
			left := uint64(1) << (63 - octave) // words from the octave's end on, and its width
			width := left / equilibriumCells
			for i := range uint64(equilibriumCells) {
				start := -(left << 1) + i*width
				hi, lo := bits.Mul64(uint64(max(d.Quantile(start+width/2), 1)), width)
				sum += hi + lo>>63
				q.cells = append(q.cells, cell{start, width, sum})
			}
		}
	}
	return q
}

// draw tells whether the process is up, and how much is left of the spell.
func (q *equilibrium) draw(r *draw.Rand) (up bool, rest int64) {
	at := mulHigh(r.Uint64(), q.cells[len(q.cells)-1].until)
	i := sort.Search(len(q.cells), func(i int) bool { return q.cells[i].until > at })
	c, d := &q.cells[i], q.down
	if up = i < len(q.cells)/2; up {
		d = q.up
	}
	length := max(d.Quantile(c.start+mulHigh(r.Uint64(), c.width)), 1)
	return up, length - int64(mulHigh(r.Uint64(), uint64(length)))
}
