package sim

func touch(m map[int]int) (n int) {
	for range m { // want map
		n++
	}
	return n
}
