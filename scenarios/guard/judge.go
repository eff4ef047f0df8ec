package guard

import (
	"meshsim/report/stats"
)

// Prints is how the fingerprints compare with the baseline's.
type Prints struct {
	Paired  bool // by seeds; else no seed is one of the baseline
	Pairs   int
	Changed []uint64 // seeds of the runs that have another one
}

// Same reports whether the same events happened in all runs.
func (p *Prints) Same() bool { return p.Paired && len(p.Changed) == 0 }

// Judge compares cases that were collected with their baselines, all metrics of
// all of them as one family. Parts is in how many checks the cases were split: the
// risk is shared evenly, so that [Confidence] holds for all of them together.
func Judge(cases []*Case, parts int) {
	var family []stats.Comparison
	var changes []*Change
	for _, c := range cases {
		c.compare()
		for i := range c.Changes {
			if ch := &c.Changes[i]; ch.Verdict == "" {
				ch.Confidence = 1 - (1-Confidence)/float64(max(parts, 1))
				family, changes = append(family, ch.Comparison), append(changes, ch)
			}
		}
	}
	stats.Judge(family)
	for i, ch := range changes {
		ch.Comparison = family[i]
		ch.decide()
	}
}

// compare makes the changes of the case, not yet judged.
func (c *Case) compare() {
	c.Changes, c.Prints = nil, Prints{}
	if c.Base == nil || c.Now == nil {
		return
	}
	pairs, paired := pair(c.Base.Runs, c.Now.Runs)
	c.Prints = Prints{Paired: paired, Pairs: len(pairs)}
	for _, p := range pairs {
		if now := c.Now.Runs[p[1]]; now.Fingerprint != c.Base.Runs[p[0]].Fingerprint {
			c.Prints.Changed = append(c.Prints.Changed, now.Seed)
		}
	}
	for _, g := range c.Guarded {
		then, now := c.Base.find(g.Column), c.Now.find(g.Column)
		if (then != nil || now != nil) && len(pairs) > 0 {
			c.Changes = append(c.Changes, compare(g, then, now, pairs))
		}
	}
}

// pair pairs runs by their seeds or, if no seed is on both sides, by their order:
// as independent samples, in which the noise is larger.
func pair(base, now []Run) (pairs [][2]int, paired bool) {
	at := map[uint64]int{}
	for i, r := range base {
		at[r.Seed] = i
	}
	for j, r := range now {
		if i, ok := at[r.Seed]; ok {
			pairs = append(pairs, [2]int{i, j})
		}
	}
	if pairs != nil {
		return pairs, true
	}
	for i := range min(len(base), len(now)) {
		pairs = append(pairs, [2]int{i, i})
	}
	return pairs, false
}

// Comparisons is how many metrics were judged together.
func Comparisons(cases []*Case) (n int) {
	for _, c := range cases {
		for i := range c.Changes {
			if v := c.Changes[i].Verdict; v != Added && v != NoValue {
				n++
			}
		}
	}
	return n
}
