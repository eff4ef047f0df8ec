package linear

// Pause sets after how many operations a pause ends a segment.
func (c *Checker) Pause(n int) { c.pause = n }

// Budget sets how many steps all searches may take.
func (c *Checker) Budget(steps int) { c.search.total = steps }

// Held is the number of operations that the checker remembers.
func (c *Checker) Held() (n int) {
	for _, r := range c.registers {
		n += len(r.open) + len(r.limbo)
	}
	return n
}

// Step is the specification of an operation.
func Step(o *Operation, value uint64) (uint64, bool) { return o.step(value) }

// Writes reports whether an operation changes a value.
func Writes(o *Operation) bool { _, ok := o.leaves(); return ok }
