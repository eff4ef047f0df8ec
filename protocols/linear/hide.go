package linear

import (
	"slices"

	"meshsim/protocols/kv"
)

// What keeps configurations few. A read takes effect as soon as its value is
// there. And when a put overwrites the value, all that was under way and could
// have taken effect just before it, unseen by what comes after, is hidden:
//
//	other puts · what reads their values, or the one overwritten · compare-and-swap
//	from such a value, and what reads the one that it left
//
// Whether it did is left open until it returns. Then it commits: what wrote the
// value that it needs has happened, too. Values but 0 are never there again, so
// what involves 0, such as a delete, cannot be hidden and is tried out.

// hides reports whether an operation can be hidden.
func (o *Operation) hides() bool {
	v, ok := o.needs()
	return !(ok && v == 0) && (o.Op != kv.Delete || o.keeps())
}

// hide marks what may have taken effect just before the operation in a slot,
// which overwrites the value.
func (s *sweep) hide(c *config, slot int) {
	present := []uint64{c.value}
	for more := true; more; {
		more = false
		for i, o := range s.active {
			if o == nil || i == slot || c.done.has(i) || c.hidden.has(i) && o.keeps() || !o.hides() {
				continue
			}
			if v, ok := o.needs(); ok && !slices.Contains(present, v) {
				continue
			}
			c.hidden.add(i)
			if v, changes := o.leaves(); changes && !slices.Contains(present, v) {
				present, more = append(present, v), true
			}
		}
	}
}

// expose takes back what was hidden after a value that is there only now.
func (s *sweep) expose(c *config, value uint64) {
	for i, o := range s.active {
		if o == nil || !c.hidden.has(i) {
			continue
		}
		if v, ok := o.needs(); !ok || v != value {
			continue
		}
		c.hidden.remove(i)
		if v, changes := o.leaves(); changes {
			s.expose(c, v)
		}
	}
}

// commit says that a hidden operation has taken effect where it was hidden, and
// so has what wrote the value that it needs; nothing else changed that value, and
// what reads its own has read it.
func (s *sweep) commit(c *config, slot int) {
	o := s.active[slot]
	c.done.add(slot)
	c.hidden.remove(slot)
	needs, sees := o.needs()
	leaves, changes := o.leaves()
	for i, x := range s.active {
		if x == nil || c.done.has(i) || !c.hidden.has(i) {
			continue
		}
		v, ok := x.needs()
		w, writes := x.leaves()
		switch {
		case changes && ok && v == leaves && x.keeps():
			c.done.add(i)
			c.hidden.remove(i)
		case changes && sees && ok && v == needs && writes:
			c.hidden.remove(i)
			s.expose(c, w)
		case sees && writes && w == needs:
			s.commit(c, i)
		}
	}
}
