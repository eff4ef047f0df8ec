package linear

// Budget sets how many steps all searches may take.
func (c *Checker) Budget(steps int) { c.budget.steps = steps }

// Held is the number of operations and configurations that the checker
// remembers, at most so many of them for pictures alone.
func (c *Checker) Held() (n, forPictures int) {
	for _, r := range c.registers {
		n += len(r.pending) + len(r.events) + len(r.sweep.active) + len(r.sweep.limbo) + len(r.sweep.configs)
		forPictures += len(r.sweep.recent)
	}
	return n, forPictures
}

// Confirmed reports what Porcupine says of the first violation.
func (c *Checker) Confirmed() bool { return c.view.confirm() == violated }

// Step is the specification of an operation.
func Step(o *Operation, value uint64) (uint64, bool) { return o.step(value) }
