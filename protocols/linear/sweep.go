package linear

import "slices"

// verdict is what a search found.
type verdict uint8

const (
	explained verdict = iota // there is an order
	violated                 // there is none
	exhausted                // the budget did not last
)

// Limits of a run. A step is the look at one operation in one configuration.
const (
	maxSteps   = 200_000_000 // some seconds
	maxConfigs = 5_000       // of a key at a time
	maxRecent  = 512         // operations of a key that are kept for the picture
)

// budget is what is left of the steps of a run.
type budget struct{ steps int }

// sweep goes through the calls and returns of a key in order and keeps all
// configurations in which what returned so far is explained (Lowe, "Testing for
// linearizability", 2017, just-in-time linearization). Operations take effect as
// late as possible: when one returns that has not. Then those under way that it
// depends on are tried before it. See hide.go for what keeps configurations few.
type sweep struct {
	active  []*Operation // by slot: under way, or with an unknown result and seen
	limbo   []*Operation // with an unknown result, and seen by nobody
	configs []config     // never empty

	base   uint64       // the value before recent, when nothing was under way
	recent []*Operation // by return
	cut    bool         // something is missing in recent
}

// config is a way in which everything may have happened so far.
type config struct {
	value  uint64
	done   slots // those that have taken effect
	hidden slots // those that may have taken effect before the value was overwritten
}

// slots is a set of places in the list of active operations.
type slots [4]uint64

// maxActive is how many operations on a key may be under way at a time.
const maxActive = 64 * len(slots{})

func (s *slots) has(i int) bool { return s[i>>6]>>(i&63)&1 != 0 }
func (s *slots) add(i int)      { s[i>>6] |= 1 << (i & 63) }
func (s *slots) remove(i int)   { s[i>>6] &^= 1 << (i & 63) }

func newSweep() sweep { return sweep{configs: []config{{}}} }

// call takes an operation that is under way from now on, or one with an unknown
// result that may take effect from now on.
func (s *sweep) call(o *Operation) verdict {
	if o.Outcome != Unknown || s.isWanted(o) {
		return s.activate(o)
	}
	s.limbo = append(s.limbo, o)
	return explained
}

// activate gives an operation a slot, and all those in limbo that write what it
// sees.
func (s *sweep) activate(o *Operation) verdict {
	i := slices.Index(s.active, nil)
	if i < 0 {
		if i = len(s.active); i == maxActive {
			return exhausted
		}
		s.active = append(s.active, nil)
	}
	s.active[i] = o
	for k := range s.configs {
		s.configs[k].settle(i, o)
	}
	for k := 0; k < len(s.limbo); {
		x := s.limbo[k]
		if !s.isWanted(x) {
			k++
			continue
		}
		s.limbo = slices.Delete(s.limbo, k, k+1)
		if v := s.activate(x); v != explained {
			return v
		}
		k = 0
	}
	return explained
}

// isWanted reports whether an active operation sees what another, with an unknown
// result, leaves.
func (s *sweep) isWanted(x *Operation) bool {
	leaves, _ := x.leaves()
	return slices.ContainsFunc(s.active, func(o *Operation) bool {
		sees, ok := o.needs()
		return o != nil && ok && sees == leaves
	})
}

// settle lets what reads take effect as soon as its value is there.
func (c *config) settle(i int, o *Operation) {
	if sees, ok := o.needs(); ok && o.keeps() && sees == c.value {
		c.done.add(i)
	}
}

// end takes the return of an operation: only configurations in which it has taken
// effect by now are left.
func (s *sweep) end(o *Operation, b *budget) verdict {
	if o.Outcome == Mismatch && o.Result == o.Expect {
		return violated // it found what it expects
	}
	i := slices.Index(s.active, o)
	var next []config
	seen, tried := map[config]bool{}, map[config]bool{}
	keep := func(c config) {
		c.done.remove(i)
		c.hidden.remove(i)
		if !seen[c] {
			seen[c] = true
			next = append(next, c)
		}
	}
	for _, c := range s.configs {
		if c.done.has(i) {
			keep(c)
			continue
		}
		if c.hidden.has(i) {
			h := c
			s.commit(&h, i)
			keep(h)
		}
		s.explore(c, i, tried, b, keep)
		if b.steps < 0 || len(tried)+len(next) > maxConfigs {
			return exhausted
		}
	}
	if len(next) == 0 {
		return violated
	}
	s.active[i], s.configs = nil, next
	s.remember(o)
	s.tidy()
	return explained
}

// explore lets operations under way take effect, one after the other, until the
// one in a slot has, and gives each configuration that this leads to.
func (s *sweep) explore(from config, target int, tried map[config]bool, b *budget, found func(config)) {
	stack := []config{from}
	for len(stack) > 0 && b.steps >= 0 && len(tried) <= maxConfigs {
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch {
		case c.done.has(target):
			found(c)
		case !tried[c]:
			tried[c] = true
			wanted := s.wanted(&c, target)
			for i, o := range s.active {
				b.steps--
				if o != nil && !c.done.has(i) && (i == target || matters(o, wanted)) {
					if n, ok := s.happen(c, i); ok {
						b.steps -= len(s.active)
						stack = append(stack, n)
					}
				}
			}
		}
	}
}

// wanted are the values that must be there, one after the other, for an operation
// to take effect, and for those that cannot be hidden.
func (s *sweep) wanted(c *config, target int) (values []uint64) {
	for i, o := range s.active {
		if o != nil && !c.done.has(i) && (i == target || !o.hides()) {
			if v, ok := o.needs(); ok && !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
	}
	for k := 0; k < len(values); k++ {
		for i, o := range s.active {
			if o == nil || c.done.has(i) || o.keeps() {
				continue
			}
			leaves, _ := o.leaves()
			if v, ok := o.needs(); ok && leaves == values[k] && !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
	}
	return values
}

// matters reports whether it can make a difference that an operation takes effect
// though it need not yet.
func matters(o *Operation, wanted []uint64) bool {
	if o.keeps() {
		return false // it did so as soon as it could
	}
	leaves, _ := o.leaves()
	_, sees := o.needs()
	return sees && !o.hides() || slices.Contains(wanted, leaves)
}

// happen lets an operation take effect; ok is false if it cannot.
func (s *sweep) happen(c config, i int) (next config, ok bool) {
	o := s.active[i]
	needs, sees := o.needs()
	if sees && needs != c.value {
		return c, false
	}
	leaves, changes := o.leaves()
	if changes && !sees {
		s.hide(&c, i)
	}
	c.done.add(i)
	c.hidden.remove(i)
	if changes {
		c.value = leaves
		s.expose(&c, leaves)
	}
	for k, x := range s.active {
		if x != nil && !c.done.has(k) {
			c.settle(k, x)
		}
	}
	return c, true
}

// tidy frees the slots of operations with unknown results that have taken effect
// in every configuration, and forgets what is past when nothing is under way.
func (s *sweep) tidy() {
	busy := false
	for i, o := range s.active {
		if o == nil {
			continue
		}
		if o.Outcome == Unknown && !slices.ContainsFunc(s.configs, func(c config) bool { return !c.done.has(i) }) {
			s.active[i] = nil
			for k := range s.configs {
				s.configs[k].done.remove(i)
			}
			s.remember(o.happened())
			continue
		}
		busy = true
	}
	if !busy && len(s.configs) == 1 && len(s.recent) >= 16 {
		s.base, s.recent, s.cut = s.configs[0].value, nil, false
	}
}

// remember keeps an operation for the picture of what goes wrong later.
func (s *sweep) remember(o *Operation) {
	if s.recent = append(s.recent, o); len(s.recent) > maxRecent {
		s.recent, s.cut = slices.Delete(s.recent, 0, maxRecent/2), true
	}
}
