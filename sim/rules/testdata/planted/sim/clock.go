package sim

import "time"

var epoch time.Time // want clock

func clocks() time.Duration {
	start := time.Now()              // want clock
	time.Sleep(time.Second)          // want clock
	_ = time.NewTimer(time.Second)   // want clock
	later := time.After(time.Second) // want clock
	_ = later
	f := time.Since // want clock
	return f(start)
}

// lengths is right: lengths of time are integers.
func lengths(d time.Duration) (time.Duration, error) {
	if d > 3*time.Second {
		return d.Round(time.Millisecond), nil
	}
	return time.ParseDuration("3ms")
}
