package sim

import "sync"

// together is in the one file that may start goroutines.
func together(work []func()) {
	var wg sync.WaitGroup
	for _, w := range work {
		wg.Add(1)
		go func() {
			defer wg.Done()
			w()
		}()
	}
	wg.Wait()
}

func alsoHere(m map[int]int) (n int) {
	for range m { // want map
		n++
	}
	return n
}
