package scenarios

import (
	"fmt"
	"math"
	_ "math/rand" // want random
	"time"
)

func values(m map[string]float64, x, y float64) (n time.Duration) {
	var started time.Time
	for range m { // want map
		n += time.Duration(x*y + 0.5) // want fused
	}
	n += time.Duration(float64(x*y) + math.Log(x)) // want math
	fmt.Println(time.Since(started), m)
	fmt.Sscan("1", &n)
	return n + time.Duration(uint64(x)) // want float
}
